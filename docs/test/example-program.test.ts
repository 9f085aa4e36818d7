import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { writeExample } from '../src/example-program.ts';

async function example(files: Readonly<Record<string, string>>) {
  const program = await writeExample(new Map(Object.entries(files)));
  onTestFinished(program.remove);
  return program;
}

test('compiles and runs a program of several files', async () => {
  const program = await example({
    'answer.ts': 'export const answer: number = 42;\n',
    'main.ts': "import { answer } from './answer.js';\nconsole.log(answer);\n",
  });
  expect(program.compile()).toEqual([]);
  expect(await program.run('main.ts')).toBe('42\n');
});

test('tells file, line and message of what a strict compiler refuses', async () => {
  const program = await example({
    'main.ts': '\nconst text: string = 1;\nexport const list = [text][0].length;\n',
  });
  expect(program.compile()).toEqual([
    "main.ts:2: Type 'number' is not assignable to type 'string'.",
    "main.ts:3: Object is possibly 'undefined'.",
  ]);
});

test('a program that fails rejects with what it wrote to stderr', async () => {
  const program = await example({ 'main.ts': "throw new Error('broken example');\n" });
  expect(program.compile()).toEqual([]);
  await expect(program.run('main.ts')).rejects.toThrow('broken example');
});

test.each(['../main.ts', 'a/main.ts', 'main.js', ''])('refuses the file name %j', async (name) => {
  await expect(writeExample(new Map([[name, '']]))).rejects.toThrow(
    `file is '${name}'; allowed: a plain name ending in .ts`,
  );
});

test('remove leaves nothing behind', async () => {
  const { folder, remove } = await example({ 'main.ts': 'export {};\n' });
  expect(existsSync(join(folder, 'main.ts'))).toBe(true);
  await remove();
  await remove();
  expect(existsSync(folder)).toBe(false);
});
