import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProcess } from '../peers/running-process.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { packPackages, type Tarball } from './pack.ts';
import { PUBLIC_PACKAGES, REPOSITORY, readManifest } from './public-packages.ts';

const ATTW = join(REPOSITORY, 'node_modules/.bin/attw');
const ATTW_MS = 60_000;

/** Those that run an SDK; the others are for an application that has one. */
const WITH_SDK = ['@kvscope/register', 'kvscope'];

let folder: TemporaryFolder;
let tarballs: ReadonlyMap<string, Tarball>;
beforeAll(async () => {
  folder = await temporaryFolder();
  tarballs = await packPackages(folder.path);
});
afterAll(() => folder?.remove());

describe.each(PUBLIC_PACKAGES.map((found) => [found.manifest.name, found] as const))('%s', (name, found) => {
  const { manifest } = found;
  const tarball = () => tarballs.get(name) as Tarball;

  it('is what publint wants of a published package', async () => {
    const { buffer } = new Uint8Array(await readFile(tarball().path));
    const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  // A package that is only a command has nothing to import.
  if (manifest.exports !== undefined) {
    it('has types that resolve for every ES module user', async () => {
      const args = [tarball().path, '--profile', 'esm-only', '--no-color', '--no-emoji'];
      const { code, stdout, stderr } = await runProcess(ATTW, args, { withinMs: ATTW_MS });
      expect({ code, said: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, said: '' });
    });
  }

  it('holds its README and what runs, and nothing of its making', () => {
    const { files } = tarball();
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    const expected =
      /^(LICENSE|README\.md|package\.json|(bundle|dist)\/.+\.js|dist\/.+\.d\.ts|dist\/bundle\/page\.css|bin\/.+\.js|sample\/.+|schema\/.+\.json|(prometheus|otlp)\/.+\.(json|yaml))$/;
    expect(files.filter((file) => !expected.test(file))).toEqual([]);
  });

  it('agrees with the workspace on version, license and Node.js', () => {
    const { license, engines } = readManifest('.');
    expect({ license: manifest.license, engines: manifest.engines }).toEqual({ license, engines });
    for (const [dependency, range] of Object.entries(manifest.dependencies ?? {})) {
      const ours = PUBLIC_PACKAGES.find((other) => other.manifest.name === dependency);
      // Packages of one release are made for each other.
      if (ours !== undefined)
        expect({ [dependency]: range }).toEqual({ [dependency]: ours.manifest.version });
      else expect(dependency).not.toMatch(/^@kvscope\//);
    }
  });

  if (!WITH_SDK.includes(name)) {
    it('brings no SDK, exporter or API of its own', () => {
      const dependencies = Object.keys(manifest.dependencies ?? {});
      expect(dependencies.filter((dependency) => dependency.startsWith('@opentelemetry/'))).toEqual(
        name === '@kvscope/instrumentation' ? ['@opentelemetry/instrumentation'] : [],
      );
    });
  }
});
