export interface Page {
  /** The name of its file. */
  readonly file: string;
  readonly text: string;
}

/** Puts the parts of a generated page together, below the line that says where it comes from. */
export function generatedPage(file: string, title: string, from: string, parts: readonly string[]): Page {
  const notice = `<!-- Generated from ${from}: do not edit. \`npm run docs\` writes it again. -->`;
  return { file, text: `${[notice, `# ${title}`, ...parts].join('\n\n')}\n` };
}
