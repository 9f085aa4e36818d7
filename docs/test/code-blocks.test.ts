import { describe, expect, test } from 'vitest';
import { codeBlocks, codeFiles } from '../src/code-blocks.ts';

describe('codeBlocks', () => {
  test('finds each fenced block with its language, its info words, its text and its line', () => {
    const page = [
      '# Title',
      '',
      '```ts file=main.ts order=2',
      'a();',
      '',
      'b();',
      '```',
      '~~~',
      'plain',
      '~~~',
      '',
    ];
    expect(codeBlocks(page.join('\n'))).toEqual([
      { language: 'ts', info: { file: 'main.ts', order: '2' }, text: 'a();\n\nb();\n', line: 3 },
      { language: '', info: {}, text: 'plain\n', line: 8 },
    ]);
  });

  test('an empty block has an empty text', () => {
    expect(codeBlocks('```sh\n```')).toEqual([{ language: 'sh', info: {}, text: '', line: 1 }]);
  });

  test('a longer fence holds shorter ones', () => {
    const inner = '```ts\ncode\n```\n';
    expect(codeBlocks(`\`\`\`\`md\n${inner}\`\`\`\`\n`).map(({ text }) => text)).toEqual([inner]);
  });

  test('a fence with words does not close a block', () => {
    expect(codeBlocks('```\n```ts\n```')).toEqual([{ language: '', info: {}, text: '```ts\n', line: 1 }]);
  });

  test('inline code and indented code are no blocks', () => {
    expect(codeBlocks('```inline``` code\n\n    ```\n    indented\n    ```\n')).toEqual([]);
  });

  test('line ends of Windows do not get into the text', () => {
    expect(codeBlocks('```\r\na\r\n```\r\n')[0]?.text).toBe('a\n');
  });

  test('an info word keeps what follows its first equals sign, and a word without one is no pair', () => {
    expect(codeBlocks('```ts query=a=b strict\n```')[0]?.info).toEqual({ query: 'a=b' });
  });

  test('a block that is never closed is an error that names its line', () => {
    expect(() => codeBlocks('text\n```ts\ncode')).toThrow(
      'the code block that starts in line 2 is never closed',
    );
  });
});

test('codeFiles: blocks of one file follow each other, blocks without a file are left out', () => {
  const page = '```ts file=a.ts\n1\n```\n```ts\n2\n```\n```ts file=b.ts\n3\n```\n```ts file=a.ts\n4\n```\n';
  expect([...codeFiles(page)]).toEqual([
    ['a.ts', '1\n4\n'],
    ['b.ts', '3\n'],
  ]);
});
