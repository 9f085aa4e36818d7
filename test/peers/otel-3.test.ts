import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportAbsentPeer } from './absent-peer.ts';
import { writeApps } from './apps.ts';
import { besideOwnSdk, testFlavours } from './flavour-tests.ts';
import { createProject, type Project } from './project.ts';
import { nodeFromRegistry, registryHas } from './registry.ts';

/** The line of OTel JS that needs Node.js 22.15 or newer. */
const SDK = [
  '@opentelemetry/api@1.10',
  '@opentelemetry/exporter-prometheus@0.301',
  '@opentelemetry/instrumentation@0.301',
  '@opentelemetry/sdk-metrics@3.1',
  '@opentelemetry/sdk-node@0.301',
  'typescript@6.0.3',
  '@types/node@24',
];
const published = await registryHas('@opentelemetry/sdk-node@0.301.0');
if (!published) reportAbsentPeer('OTel JS 3.x', 'Run it where packages can be installed.');
const node = published ? await nodeFromRegistry(24) : undefined;
if (published && node === undefined) reportAbsentPeer('Node.js 24', 'npx node@24 has to run it.');

describe.skipIf(node === undefined)('the packed packages in an application on OTel JS 3.x', () => {
  let project: Project;
  let compilerSaid: Readonly<Record<string, string>>;
  beforeAll(async () => {
    project = await createProject(SDK);
    compilerSaid = await writeApps(project);
  });
  afterAll(() => project?.remove());

  it('leave the application its own OTel', async () => {
    expect(await project.version('@opentelemetry/api')).toMatch(/^1\.10\./);
    expect(await project.version('@opentelemetry/sdk-metrics')).toMatch(/^3\./);
    expect(await project.version('@opentelemetry/instrumentation')).toMatch(/^0\.301\./);
  });

  it('compile strictly', () => {
    expect(compilerSaid).toEqual({ 'ES modules in TypeScript': '', 'CommonJS in TypeScript': '' });
  });

  testFlavours(() => project, node ?? process.execPath);

  it('record into an SDK that is there before node --import @kvscope/register', async () => {
    const beside = await besideOwnSdk(project, node ?? process.execPath, 'before');
    expect(beside).toMatchObject({ recorded: true, traced: true });
  });

  it('leave its traces to an application that starts its SDK later', async () => {
    const beside = await besideOwnSdk(project, node ?? process.execPath, 'after');
    expect(beside).toMatchObject({ recorded: true, traced: true });
  });

  it('say that they joined an SDK', async () => {
    const beside = await besideOwnSdk(project, node ?? process.execPath, 'before');
    expect(beside).toMatchObject({ announced: true, joined: true });
  });
});
