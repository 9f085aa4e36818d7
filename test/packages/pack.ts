import { join } from 'node:path';
import { runProcess } from '../peers/running-process.ts';
import { PUBLIC_PACKAGES, REPOSITORY } from './public-packages.ts';

export interface Tarball {
  readonly path: string;
  /** The files in it, from the package's folder. */
  readonly files: readonly string[];
}

const PACK_MS = 60_000;

interface PackedPackage {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Packs every public package as it would be published. Returns the tarballs by the packages' names. */
export async function packPackages(destination: string): Promise<ReadonlyMap<string, Tarball>> {
  const folders = PUBLIC_PACKAGES.map(({ folder }) => `./${folder}`);
  const { code, stdout, stderr } = await runProcess(
    'npm',
    ['pack', '--json', '--pack-destination', destination, ...folders],
    { cwd: REPOSITORY, withinMs: PACK_MS },
  );
  if (code !== 0) throw new Error(`npm pack failed: ${stderr}`);
  const packed = JSON.parse(stdout) as readonly PackedPackage[];
  return new Map(
    packed.map(({ name, filename, files }) => [
      name,
      { path: join(destination, filename), files: files.map(({ path }) => path) },
    ]),
  );
}
