import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { problems } from './problems.js';
import { type WatchConfig, watchConfig } from './watch-config.js';

/**
 * Reads a configuration file. JSON is YAML, so that one parser takes both.
 * @throws Error that names the file and each field that is wrong
 */
export function readWatchConfig(file: string): WatchConfig {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`${file}: cannot be read: ${(cause as Error).message}`, { cause });
  }
  const document = parseDocument(content, { prettyErrors: true });
  const [broken] = document.errors;
  if (broken !== undefined) {
    throw new Error(`${file}: is neither YAML nor JSON: ${broken.message.trimEnd()}`, { cause: broken });
  }
  return checkWatchConfig(document.toJS(), file);
}

/** @throws Error that names each field that is wrong */
export function checkWatchConfig(data: unknown, file: string): WatchConfig {
  const checked = watchConfig.safeParse(data);
  if (checked.success) return checked.data;
  const sentences = problems(checked.error, data);
  throw new Error(`${file}: ${sentences.join(`\n${file}: `)}`);
}
