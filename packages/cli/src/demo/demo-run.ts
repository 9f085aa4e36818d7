import { once } from 'node:events';
import type { Tier } from '@kvscope/core';
import { diagnosisAsJson } from '@kvscope/report';
import { BLOCK_TOKENS, deadline, readRequestTrace } from '@kvscope/sources';
import { openStore, type TieredStore } from '@kvscope/tiered-store';
import { diagnosisText, exitOf } from '../diagnosis/diagnosis-text.js';
import { readFigures } from '../figures.js';
import { onInterrupt } from '../interrupt.js';
import { malformedReport } from '../malformed-report.js';
import { type MetricsOptions, startMetrics } from '../metrics.js';
import { createProgress } from '../progress.js';
import { RunCurves, tellWarnings } from '../reuse-curve.js';
import { tellAddresses, tellReport } from '../told.js';
import { wantsView } from '../verbosity.js';
import { readDemoFigures } from './demo-figures.js';
import { demoAsJson } from './demo-json.js';
import { type DemoDescription, demoSummary } from './demo-summary.js';
import { SICKNESSES, type Sickness, type SicknessName } from './sickness.js';
import { temporaryDirectory } from './temporary-directory.js';
import { runWorkload, type WorkloadResult } from './workload.js';

const REDRAW_MS = 100;

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
  /** Blocks followed in each tier for the curve of other capacities. */
  readonly curveBlocks: number;
  readonly sick?: SicknessName;
  readonly json: boolean;
  readonly hold: boolean;
}

/**
 * Runs a workload on the embedded store, and prints what its metrics say.
 * @returns the exit code
 * @throws Error when the trace cannot be read or has no request, or metrics cannot be sent
 */
export async function runDemo(run: DemoRun): Promise<number> {
  const sickness: Sickness | undefined = run.sick && SICKNESSES[run.sick];
  const tiers = scaled(run.tiers, sickness?.scale ?? {});
  const interrupt = onInterrupt();
  const curves = new RunCurves();
  const directory = await temporaryDirectory('kvscope-demo-');
  const metrics = await startMetrics(run, {
    reuse: curves.options(run.curveBlocks),
    description: { subject: `kvscope demo${run.sick === undefined ? '' : ` --sick ${run.sick}`}` },
  });
  let store: TieredStore | undefined;
  try {
    tellAddresses(metrics);
    store = await openStore({
      directory: directory.path,
      block: { layers: run.layers, shards: 1, shardBytes: Math.floor(run.blockBytes / run.layers) },
      l0Blocks: tiers.l0,
      l1Blocks: tiers.l1,
      l2Blocks: tiers.l2,
      blockTokens: BLOCK_TOKENS,
      ...sickness?.store,
      ...(sickness?.files && { files: sickness.files() }),
    });
    // The curve needs no more blocks than the capacity asks for, once a collection has told it that.
    await metrics.read();
    await metrics.beginWork();
    const computeMs = sickness?.computeMs ?? run.computeMs;
    const served = { ...run, tiers, computeMs, sickness };
    const result = await serveTrace(served, store, interrupt.signal, () => metrics.workDone());
    await metrics.endWork();
    const values = await metrics.read();
    const figures = readFigures(values, tiers, run.subscribers);
    const demo = readDemoFigures(values, run.subscribers, result.seconds, curves.of(['l1']));
    const description = { ...served, ...result, interrupted: interrupt.signal.aborted };
    const diagnosis = await metrics.diagnosis('this run');
    const text = run.json
      ? JSON.stringify({
          ...demoAsJson(figures, demo, description),
          ...(diagnosis && { diagnosis: diagnosisAsJson(diagnosis) }),
        })
      : [demoSummary(figures, demo, description), ...(diagnosis ? [diagnosisText(diagnosis)] : [])].join(
          '\n\n',
        );
    process.stdout.write(`${text}\n`);
    if (run.json) tellWarnings(demo.curve, run.sampleRate);
    await tellReport(metrics);
    if (run.hold && !interrupt.signal.aborted) {
      process.stderr.write('Holding until Ctrl-C\n');
      await once(interrupt.signal, 'abort');
    }
    // While the store is open: a closed one has no occupancy to tell any more.
    await metrics.stop();
    return exitOf(diagnosis);
  } finally {
    await metrics.stop().catch(() => undefined);
    await store?.close();
    await directory.remove();
    interrupt.release();
  }
}

/** Serves the trace until its end, the end of the duration, or Ctrl-C. */
async function serveTrace(
  run: DemoRun & { readonly sickness: Sickness | undefined },
  store: TieredStore,
  interrupted: AbortSignal,
  onServed: () => Promise<void>,
): Promise<WorkloadResult & Pick<DemoDescription, 'malformed' | 'maxBlocks' | 'seconds'>> {
  const { tiers, sickness } = run;
  const maxBlocks = Math.max(1, Math.floor(Math.min(tiers.l0, tiers.l1) / (2 * run.concurrency)));
  const progress = createProgress('requests', process.stderr, wantsView(run.verbose));
  const startedAt = performance.now();
  const elapsed = () => (performance.now() - startedAt) / 1000;
  let begun = 0;
  const draw = () => progress.update(elapsed() / run.duration, begun);
  // By time, not by request: one may take long.
  const drawing = setInterval(draw, REDRAW_MS);
  const end = deadline(run.duration * 1000, interrupted);
  const malformed = malformedReport();
  const requests = readRequestTrace(run.trace, { onMalformed: malformed.add, signal: end.signal });
  try {
    const result = await runWorkload({
      store,
      requests,
      computeMs: run.computeMs,
      whole: sickness?.whole ?? false,
      ...(sickness?.prompt && { prompt: sickness.prompt }),
      rate: run.rate,
      concurrency: run.concurrency,
      maxBlocks,
      signal: end.signal,
      interrupted,
      onRequest: (count) => {
        begun = count;
      },
    });
    await onServed();
    await store.drain();
    if (begun === 0 && requests.malformed > 0) throw new Error(`${run.trace}: no line of it is a request`);
    return { ...result, malformed: requests.malformed, maxBlocks, seconds: elapsed() };
  } finally {
    end.release();
    clearInterval(drawing);
    progress.end();
    malformed.end();
  }
}

function scaled(tiers: DemoRun['tiers'], scale: Partial<Record<Tier, number>>): DemoRun['tiers'] {
  const blocks = (tier: Tier) => Math.max(2, Math.floor(tiers[tier] * (scale[tier] ?? 1)));
  return { l0: blocks('l0'), l1: blocks('l1'), l2: blocks('l2') };
}
