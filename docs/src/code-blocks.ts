/** A fenced block of a Markdown page. */
export interface CodeBlock {
  /** The first word after the fence, such as `ts`; empty when there is none. */
  readonly language: string;
  /** The `name=value` words after the language: the `file` of ```` ```ts file=main.ts ````. */
  readonly info: Readonly<Record<string, string>>;
  /** What stands between the fences, ending in a line break unless it is empty. */
  readonly text: string;
  /** The line of the opening fence in the page, from 1. */
  readonly line: number;
}

/** The words after a fence of backticks hold no backtick, or it would be inline code. */
const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})\s*(.*)$/;

/**
 * The fenced code blocks of a Markdown page, in their order.
 * @throws Error when a fence is never closed; the message names its line
 */
export function codeBlocks(markdown: string): readonly CodeBlock[] {
  const lines = markdown.split(/\r?\n/);
  const blocks: CodeBlock[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [, fence, words] = FENCE.exec(lines[at] as string) ?? [];
    if (fence === undefined || words === undefined) continue;
    const end = lines.findIndex((line, i) => i > at && closes(line, fence));
    if (end < 0) throw new Error(`the code block that starts in line ${at + 1} is never closed`);
    blocks.push({
      ...parseInfo(words),
      text: lines
        .slice(at + 1, end)
        .map(endLine)
        .join(''),
      line: at + 1,
    });
    at = end;
  }
  return blocks;
}

/** The files that the blocks with `file=NAME` make up; blocks of one name follow each other in the file. */
export function codeFiles(markdown: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const { info, text } of codeBlocks(markdown)) {
    if (info.file !== undefined) files.set(info.file, (files.get(info.file) ?? '') + text);
  }
  return files;
}

function closes(line: string, fence: string): boolean {
  const [, closing, rest] = FENCE.exec(line) ?? [];
  return closing !== undefined && rest === '' && closing.startsWith(fence);
}

function parseInfo(words: string): Pick<CodeBlock, 'language' | 'info'> {
  const [language = '', ...rest] = words.trim().split(/\s+/);
  const pairs = rest.filter((word) => word.includes('='));
  const info = Object.fromEntries(
    pairs.map((pair) => [pair.split('=', 1)[0], pair.slice(pair.indexOf('=') + 1)]),
  );
  return { language, info };
}

function endLine(line: string): string {
  return `${line}\n`;
}
