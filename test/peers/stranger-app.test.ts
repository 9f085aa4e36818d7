import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kvscope } from '../replay/kvscope.ts';
import { reportAbsentPeer } from './absent-peer.ts';
import { writeApps } from './apps.ts';
import { besideOwnSdk, testFlavours } from './flavour-tests.ts';
import { freePort } from './free-port.ts';
import { pageCode, WELL_KNOWN_PORT } from './page-code.ts';
import { createProject, type Project } from './project.ts';
import { nodeFromRegistry, registryHas } from './registry.ts';

/** The line of OTel JS that runs on every Node.js that we support. */
const SDK = [
  '@opentelemetry/api@1.9',
  '@opentelemetry/exporter-metrics-otlp-http@0.223',
  '@opentelemetry/exporter-prometheus@0.223',
  '@opentelemetry/instrumentation@0.223',
  '@opentelemetry/sdk-metrics@2.12',
  '@opentelemetry/sdk-node@0.223',
  'typescript@6.0.3',
  '@types/node@20',
];
const present = await registryHas('@opentelemetry/sdk-node@0.223.0');
if (!present) reportAbsentPeer('the npm registry', 'Run it where packages can be installed.');

const RUNTIMES: [name: string, path: string][] = [[`Node.js ${process.version}`, process.execPath]];
for (const major of present ? [22, 24] : []) {
  if (process.version.startsWith(`v${major}.`)) continue;
  const path = await nodeFromRegistry(major);
  if (path === undefined) reportAbsentPeer(`Node.js ${major}`, `npx node@${major} has to run it.`);
  else RUNTIMES.push([`Node.js ${major}`, path]);
}

describe.skipIf(!present)('the packed packages in an application on OTel JS 2.x', () => {
  let project: Project;
  let compilerSaid: Readonly<Record<string, string>>;
  beforeAll(async () => {
    project = await createProject(SDK);
    compilerSaid = await writeApps(project);
  });
  afterAll(() => project?.remove());

  it('compile strictly', () => {
    expect(compilerSaid).toEqual({ 'ES modules in TypeScript': '', 'CommonJS in TypeScript': '' });
  });

  describe.each(RUNTIMES)('on %s', (_, node) => {
    testFlavours(() => project, node);

    it('join an SDK that is there before node --import @kvscope/register', async () => {
      const all = { recorded: true, traced: true, announced: true, joined: true };
      expect(await besideOwnSdk(project, node, 'before')).toEqual(all);
    });

    it('leave its traces to an application that starts its SDK later', async () => {
      const own = { recorded: true, traced: true, announced: true, joined: false };
      expect(await besideOwnSdk(project, node, 'after')).toEqual(own);
    });
  });

  it('run the guide as it is written, and print what it says', async () => {
    const { files, printed } = pageCode('docs/register.md');
    const port = String(await freePort());
    const here = Object.entries(files).map(([name, code]) => [
      `guide/${name}`,
      code.replaceAll(WELL_KNOWN_PORT, port),
    ]);
    await project.write({ 'guide/package.json': '{"type":"module"}', ...Object.fromEntries(here) });
    expect(await project.compile('guide')).toBe('');
    // Nobody here stands in for a collector.
    const alone = Object.entries(printed).filter(([name]) => !files[name]?.includes('4318'));
    expect(alone.length).toBeGreaterThan(0);
    for (const [name, text] of alone) {
      const { stdout, stderr } = await project.node([`guide/${name.replace(/\.ts$/, '.js')}`]);
      expect({ name, stdout, stderr }).toEqual({ name, stdout: text, stderr: '' });
    }
  });

  it('run the command', async () => {
    const [installed, here] = await Promise.all([
      project.command('kvscope', ['replay', '--json']),
      kvscope(['replay', '--json']),
    ]);
    expect(installed).toEqual(here);
    expect(JSON.parse(installed.stdout)).toMatchObject({ malformed: 0 });
  });
});
