import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { benchmarksPage } from './benchmarks-page.js';
import { eventsPage } from './events-page.js';
import { metricsPage } from './metrics-page.js';
import type { Page } from './page.js';
import { performancePage } from './performance-page.js';
import { recipesPage } from './recipes-page.js';

/** Every generated page, as the code is now. */
export function generatedPages(): readonly Page[] {
  return [benchmarksPage(), eventsPage(), metricsPage(), performancePage(), recipesPage()];
}

/** The names of those pages that are missing in `folder` or differ from what the code says. */
export async function stalePages(pages: readonly Page[], folder: string): Promise<readonly string[]> {
  const stale: string[] = [];
  for (const { file, text } of pages) {
    if ((await existingText(join(folder, file))) !== text) stale.push(file);
  }
  return stale;
}

export async function writePages(pages: readonly Page[], folder: string): Promise<void> {
  for (const { file, text } of pages) await writeFile(join(folder, file), text);
}

async function existingText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
