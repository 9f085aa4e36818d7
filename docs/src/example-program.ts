import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';

const run = promisify(execFile);

/** Inside the workspace, so that `@kvscope/...` resolves as it does for a user who installed it. */
const FOLDER = fileURLToPath(new URL('../dist/examples/', import.meta.url));

/** As strict as a careful user's project. */
const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noImplicitReturns: true,
  verbatimModuleSyntax: true,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  types: ['node'],
  skipLibCheck: true,
};

/** A documentation's TypeScript files, written to a folder of their own. */
export interface ExampleProgram {
  readonly folder: string;
  /** Compiles. Returns what the strict compiler says, as `file:line: message`; empty when it is content. */
  compile(): readonly string[];
  /** Runs a compiled file in a process of its own and returns what it printed. Rejects when it fails. */
  run(file: string): Promise<string>;
  /** Deletes the folder. */
  remove(): Promise<void>;
}

/** @throws RangeError for a file that is not a plain name ending in `.ts` */
export async function writeExample(files: ReadonlyMap<string, string>): Promise<ExampleProgram> {
  for (const name of files.keys()) {
    if (!/^[\w-]+\.ts$/.test(name))
      throw new RangeError(`file is '${name}'; allowed: a plain name ending in .ts`);
  }
  await mkdir(FOLDER, { recursive: true });
  const folder = await mkdtemp(FOLDER);
  for (const [name, text] of files) await writeFile(join(folder, name), text);

  return {
    folder,
    compile() {
      const host = compilerHost(folder);
      const paths = [...files.keys()].map((name) => join(folder, name));
      const program = ts.createProgram(paths, OPTIONS, host);
      const { diagnostics } = program.emit();
      return [...ts.getPreEmitDiagnostics(program), ...diagnostics].map(diagnosticText);
    },
    async run(file) {
      const { stdout } = await run(process.execPath, [join(folder, file.replace(/\.ts$/, '.js'))]);
      return stdout;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** What is outside the examples stays the same from one to the next: parsing it is most of the work. */
const parsed = new Map<string, ts.SourceFile | undefined>();

function compilerHost(folder: string): ts.CompilerHost {
  const host = ts.createCompilerHost(OPTIONS);
  // Where the compiler starts to look for @types.
  host.getCurrentDirectory = () => folder;
  const parse = host.getSourceFile;
  host.getSourceFile = (file, ...rest) => {
    if (!file.endsWith('.d.ts')) return parse(file, ...rest);
    if (!parsed.has(file)) parsed.set(file, parse(file, ...rest));
    return parsed.get(file);
  };
  return host;
}

function diagnosticText({ file, start, messageText }: ts.Diagnostic): string {
  const text = ts.flattenDiagnosticMessageText(messageText, '\n');
  if (file === undefined || start === undefined) return text;
  return `${basename(file.fileName)}:${file.getLineAndCharacterOfPosition(start).line + 1}: ${text}`;
}
