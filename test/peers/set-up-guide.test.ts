import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeBlocks } from '@kvscope/docs/code-blocks';
import { expect, it, onTestFinished, vi } from 'vitest';
import { reportAbsentPeer } from './absent-peer.ts';
import { freePort } from './free-port.ts';
import { prometheusVersion } from './prometheus.ts';
import { runProcess, startProcess } from './running-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

const version = await prometheusVersion();
if (version === undefined) reportAbsentPeer('prometheus', 'Install it: apt-get install prometheus');

const repository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const PATIENCE = { timeout: 60_000, interval: 250 };

it.skipIf(version === undefined)(
  'whoever follows the guide for Prometheus word for word gets answers about live data',
  async () => {
    const folder = await temporaryFolder();
    onTestFinished(folder.remove);
    // A `kvscope` that was installed.
    const command = join(folder.path, 'kvscope-bin/kvscope');
    await mkdir(join(folder.path, 'kvscope-bin'));
    await writeFile(
      command,
      `#!/bin/sh\nexec '${process.execPath}' '${repository('packages/cli/bin/kvscope.js')}' "$@"\n`,
    );
    await chmod(command, 0o755);
    const env = { PATH: `${join(folder.path, 'kvscope-bin')}${delimiter}${process.env.PATH}` };

    const [metrics, server] = [await freePort(), await freePort()];
    const page = await readFile(repository('docs/prometheus-grafana.md'), 'utf8');
    // Its ports may be taken here, and a rate need not wait for a minute.
    const text = page
      .replaceAll('9464', String(metrics))
      .replaceAll('9090', String(server))
      .replaceAll('scrape_interval: 15s', 'scrape_interval: 1s');
    const ran: string[] = [];
    for (const { language, info, text: code } of codeBlocks(text)) {
      if (info.save !== undefined) await writeFile(join(folder.path, info.save), code);
      if (language !== 'sh' || info.run === undefined) continue;
      const options = { cwd: folder.path, env };
      ran.push(info.run);
      if (info.run === 'background') {
        const started = startProcess('sh', ['-c', `exec ${code.trim()}`], options);
        onTestFinished(async () => {
          await started.stop('SIGINT');
        });
      } else if (info.run === 'wait') {
        const { code: exit, stderr } = await runProcess('sh', ['-c', code], { ...options, withinMs: 30_000 });
        expect([code, exit, stderr]).toEqual([code, 0, '']);
      } else {
        await vi.waitFor(async () => {
          const { stdout } = await runProcess('sh', ['-c', code], { ...options, withinMs: 30_000 });
          const tiers = [...stdout.matchAll(/^\{kv_cache_tier="(l\d)"\} => (\S+) /gm)];
          expect(tiers.map(([, tier]) => tier).sort()).toEqual(['l0', 'l1', 'l2']);
          expect(tiers.every(([, , value]) => Number(value) >= 0)).toBe(true);
        }, PATIENCE);
      }
    }
    expect(ran).toEqual(['background', 'wait', 'wait', 'background', 'answers']);
  },
);
