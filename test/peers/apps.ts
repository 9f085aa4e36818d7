import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import {
  FAST,
  NODE_SDK,
  OWN_SDK,
  PRINT_SERVED,
  PRODUCER,
  PRODUCER_ONLY,
  README_APP,
  REGISTERED,
} from './app-sources.ts';
import { freePort } from './free-port.ts';
import { WELL_KNOWN_PORT } from './page-code.ts';
import type { Project } from './project.ts';

/** A way in which a user writes an application. */
export interface Flavour {
  readonly name: string;
  readonly folder: string;
  readonly type: 'module' | 'commonjs';
  readonly language: 'TypeScript' | 'JavaScript';
}

export const FLAVOURS: readonly Flavour[] = [
  { name: 'ES modules in TypeScript', folder: 'esm-ts', type: 'module', language: 'TypeScript' },
  { name: 'CommonJS in TypeScript', folder: 'cjs-ts', type: 'commonjs', language: 'TypeScript' },
  { name: 'ES modules in JavaScript', folder: 'esm-js', type: 'module', language: 'JavaScript' },
  { name: 'CommonJS in JavaScript', folder: 'cjs-js', type: 'commonjs', language: 'JavaScript' },
];

/** Applications that print their metrics as one JSON object a line. */
export const PRINTING_APPS = ['registered.js', 'fast.js', 'node-sdk.js'] as const;
/** The same, with the producer in the other module format than what registers. */
export const MIXED_APP = 'mixed.js';
/** An application that publishes and leaves the SDK to `node --import @kvscope/register`. */
export const PRODUCER_APP = 'producer-only.js';

/** Writes the same applications in every flavour, and compiles TypeScript. Returns what the compiler says, by flavour. */
export async function writeApps(project: Project): Promise<Readonly<Record<string, string>>> {
  const apps = {
    'producer.ts': PRODUCER,
    'producer-only.ts': PRODUCER_ONLY,
    'registered.ts': REGISTERED,
    'fast.ts': FAST,
    'node-sdk.ts': NODE_SDK,
    'app.ts': README_APP,
  };
  await project.write({ 'print-served.mjs': PRINT_SERVED, 'own-sdk.mjs': OWN_SDK });
  for (const { folder, type, language } of FLAVOURS) {
    await project.write({ [`${folder}/package.json`]: JSON.stringify({ type }) });
    for (const [file, code] of Object.entries(apps)) {
      if (language === 'TypeScript') await project.write({ [`${folder}/${file}`]: code });
      else await project.write({ [`${folder}/${javaScriptName(file)}`]: withoutTypes(code, type) });
    }
    const other = FLAVOURS.find((flavour) => flavour.language === language && flavour.type !== type);
    const mixed = REGISTERED.replace('./producer.js', `../${other?.folder}/producer.js`);
    await project.write({ [`${folder}/${MIXED_APP}`]: withoutTypes(mixed, type) });
  }
  const said: Record<string, string> = {};
  for (const { name, folder, language } of FLAVOURS) {
    if (language === 'TypeScript') said[name] = await project.compile(folder);
  }
  return said;
}

/** Runs the application of the README until it is done. Returns the page that it then serves. */
export async function runReadmeApp(project: Project, { folder }: Flavour, node: string): Promise<string> {
  const port = await freePort();
  const file = `${folder}/app-on-a-free-port.js`;
  const code = await readFile(join(project.folder, folder, 'app.js'), 'utf8');
  await project.write({ [file]: code.replaceAll(WELL_KNOWN_PORT, String(port)) });
  const ended = await project.node(['--import', './print-served.mjs', file], {
    node,
    env: { METRICS_URL: `http://127.0.0.1:${port}/metrics` },
  });
  if (ended.code === 0 && ended.stderr === '') return ended.stdout;
  throw new Error(`the code of the README ended with ${ended.code}: ${ended.stderr}`);
}

function javaScriptName(file: string): string {
  return file.replace(/\.ts$/, '.js');
}

function withoutTypes(code: string, type: Flavour['type']): string {
  const module = type === 'module' ? ts.ModuleKind.ES2022 : ts.ModuleKind.CommonJS;
  return ts.transpileModule(code, { compilerOptions: { module, target: ts.ScriptTarget.ES2023 } }).outputText;
}
