import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tier } from '@kvscope/core';
import { BLOCK_TOKENS, readRequestTrace } from '@kvscope/sources';
import { openStore } from '@kvscope/tiered-store';
import { EXIT } from '../exit.js';
import { readFigures } from '../figures.js';
import { onInterrupt } from '../interrupt.js';
import { type MetricsOptions, startMetrics } from '../metrics.js';
import { createProgress } from '../progress.js';
import { readDemoFigures } from './demo-figures.js';
import { demoAsJson } from './demo-json.js';
import { demoSummary } from './demo-summary.js';
import { SICKNESSES, type Sickness, type SicknessName } from './sickness.js';
import { runWorkload } from './workload.js';

export interface DemoRun extends MetricsOptions {
  /** Path of the trace. */
  readonly trace: string;
  /** Capacities in blocks. */
  readonly tiers: Readonly<Record<Tier, number>>;
  readonly blockBytes: number;
  readonly layers: number;
  readonly computeMs: number;
  readonly concurrency: number;
  /** Requests begun per second at most. */
  readonly rate: number;
  /** Seconds. */
  readonly duration: number;
  readonly sick?: SicknessName;
  readonly json: boolean;
  readonly hold: boolean;
}

/** Runs a workload on the embedded store, and prints what its metrics say. @returns the exit code */
export async function runDemo(run: DemoRun): Promise<number> {
  const sickness: Sickness | undefined = run.sick && SICKNESSES[run.sick];
  const tiers = scaled(run.tiers, sickness?.memoryScale ?? 1);
  const interrupt = onInterrupt();
  const progress = createProgress('requests');
  const metrics = await startMetrics(run);
  const directory = await mkdtemp(join(tmpdir(), 'kvscope-demo-'));
  try {
    if (metrics.url !== undefined) process.stderr.write(`Serving metrics at ${metrics.url}\n`);
    const store = await openStore({
      directory,
      block: { layers: run.layers, shards: 1, shardBytes: Math.floor(run.blockBytes / run.layers) },
      l0Blocks: tiers.l0,
      l1Blocks: tiers.l1,
      l2Blocks: tiers.l2,
      blockTokens: BLOCK_TOKENS,
      ...(sickness?.delays && { delays: sickness.delays }),
      ...(sickness?.files && { files: sickness.files() }),
    });
    const startedAt = performance.now();
    const elapsed = () => (performance.now() - startedAt) / 1000;
    const ended = AbortSignal.any([interrupt.signal, AbortSignal.timeout(run.duration * 1000)]);
    const result = await runWorkload({
      store,
      requests: readRequestTrace(run.trace),
      computeMs: run.computeMs,
      rate: run.rate,
      concurrency: run.concurrency,
      maxBlocks: Math.max(1, Math.floor(Math.min(tiers.l0, tiers.l1) / (2 * run.concurrency))),
      signal: ended,
      onRequest: (begun) => progress.update(elapsed() / run.duration, begun),
    });
    await store.drain();
    progress.end();
    const seconds = elapsed();
    const values = await metrics.read();
    const figures = readFigures(values, tiers, run.subscribers);
    const description = {
      ...result,
      ...run,
      tiers,
      seconds,
      interrupted: interrupt.signal.aborted,
      sickness,
    };
    const demo = readDemoFigures(values, seconds);
    const text = run.json
      ? JSON.stringify(demoAsJson(figures, demo, description))
      : demoSummary(figures, demo, description);
    process.stdout.write(`${text}\n`);
    if (run.hold && !interrupt.signal.aborted) {
      process.stderr.write('Holding until Ctrl-C\n');
      await once(interrupt.signal, 'abort');
    }
    await store.close();
    await metrics.stop();
    return EXIT.done;
  } finally {
    progress.end();
    interrupt.release();
    await metrics.stop().catch(() => undefined);
    await rm(directory, { recursive: true, force: true });
  }
}

function scaled(tiers: DemoRun['tiers'], memoryScale: number): DemoRun['tiers'] {
  const memory = (blocks: number) => Math.max(2, Math.floor(blocks * memoryScale));
  return { l0: memory(tiers.l0), l1: memory(tiers.l1), l2: tiers.l2 };
}
