import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packPackages } from '../packages/pack.ts';
import { type Ended, runProcess } from './running-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

const INSTALL_MS = 240_000;
const COMPILE_MS = 60_000;
const RUN_MS = 30_000;

/** A user's project outside the repository, with what would be published installed in it. */
export interface Project {
  readonly folder: string;
  /** Writes files, by their paths from the folder. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** Compiles the TypeScript of a folder. Returns what the compiler says; empty when it is content. */
  compile(folder: string): Promise<string>;
  /** Runs Node.js in the folder, to its end. */
  node(args: readonly string[], options?: NodeOptions): Promise<Ended>;
  /** Runs a command that an installed package brought, to its end. */
  command(name: string, args: readonly string[]): Promise<Ended>;
  /** The version of an installed package that the project's own code gets. */
  version(name: string): Promise<string>;
  remove(): Promise<void>;
}

export interface NodeOptions {
  /** The Node.js to run; default: the one that runs the tests. */
  readonly node?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** As strict as a careful user's project; our declarations are checked too. */
const COMPILER_OPTIONS = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  module: 'NodeNext',
  target: 'ES2023',
  lib: ['ES2023'],
  types: ['node'],
  skipLibCheck: false,
};

/**
 * Installs the packed public packages, and others from the registry.
 * @param others such as `@opentelemetry/api@1.9`
 * @throws Error with npm's words when they do not go together
 */
export async function createProject(others: readonly string[]): Promise<Project> {
  const { path: folder, remove } = await temporaryFolder();
  try {
    const tarballs = [...(await packPackages(folder)).values()].map(({ path }) => path);
    await writeFile(
      join(folder, 'package.json'),
      JSON.stringify({ name: 'inference-gateway', private: true }),
    );
    await succeed('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs, ...others]);
    return { folder, write, compile, node, command, version, remove };
  } catch (error) {
    await remove();
    throw error;
  }

  async function succeed(command: string, args: readonly string[]): Promise<void> {
    const { code, stdout, stderr } = await runProcess(command, args, { cwd: folder, withinMs: INSTALL_MS });
    if (code !== 0) throw new Error(`${command} ${args[0]} failed: ${stdout}${stderr}`);
  }

  async function write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
  }

  async function compile(sources: string): Promise<string> {
    const config = { compilerOptions: COMPILER_OPTIONS, include: ['*.ts'] };
    await write({ [join(sources, 'tsconfig.json')]: JSON.stringify(config) });
    const tsc = join(folder, 'node_modules/typescript/bin/tsc');
    const { stdout } = await runProcess(process.execPath, [tsc, '-p', sources], {
      cwd: folder,
      withinMs: COMPILE_MS,
    });
    return stdout;
  }

  function node(args: readonly string[], { node = process.execPath, env = {} }: NodeOptions = {}) {
    return runProcess(node, args, { cwd: folder, env, withinMs: RUN_MS });
  }

  function command(name: string, args: readonly string[]) {
    return runProcess(join(folder, 'node_modules/.bin', name), args, { cwd: folder, withinMs: RUN_MS });
  }

  async function version(name: string): Promise<string> {
    const text = await readFile(join(folder, 'node_modules', name, 'package.json'), 'utf8');
    return (JSON.parse(text) as { version: string }).version;
  }
}
