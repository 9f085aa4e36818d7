import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { codeBlocks, codeFiles } from '../../docs/src/code-blocks.ts';

export interface PageCode {
  /** The files that the page's code makes up. */
  readonly files: Readonly<Record<string, string>>;
  /** What the page says that its files print. */
  readonly printed: Readonly<Record<string, string>>;
}

/**
 * The code of a page of this repository, as it is written there.
 * @param path from the repository, such as `README.md`
 */
export function pageCode(path: string): PageCode {
  const text = readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
  const printed = codeBlocks(text).filter(
    ({ language, info }) => language === 'text' && info.from !== undefined,
  );
  return {
    files: Object.fromEntries(codeFiles(text)),
    printed: Object.fromEntries(printed.map((block) => [block.info.from, block.text])),
  };
}

/** Where the pages serve metrics. It may be in use here, so that their code is run on another one. */
export const WELL_KNOWN_PORT = '9464';
