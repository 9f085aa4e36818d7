import { spawnSync } from 'node:child_process';
import { type Comparison, spread } from '../comparison.js';
import { calmRounds } from '../pace.js';
import { measure } from './shapes.js';

const ROUNDS = 31;
const PATIENCE_MS = 60_000;
const EXPORTERS = {
  prometheus: '@opentelemetry/exporter-prometheus',
  otlp: '@opentelemetry/exporter-metrics-otlp-proto',
} as const;

/** Milliseconds from the start of a process to when it has loaded `modules` and would go on; its exporters are not waited for. */
function milliseconds(modules: readonly string[], exporter: string): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    [...modules.flatMap((module) => ['--import', module]), '--eval', 'process.exit()'],
    {
      env: {
        ...process.env,
        OTEL_METRICS_EXPORTER: exporter,
        OTEL_EXPORTER_PROMETHEUS_PORT: '0',
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
        OTEL_LOG_LEVEL: 'none',
      },
    },
  );
  if (status !== 0) throw new Error(`a process that loads ${modules.join(', ')} failed: ${stderr}`);
  return performance.now() - start;
}

async function startUp(name: keyof typeof EXPORTERS): Promise<Comparison> {
  const round = () => {
    const peer = milliseconds(['@opentelemetry/sdk-metrics', EXPORTERS[name]], name);
    return { peer, over: milliseconds(['@kvscope/register'], name) - peer };
  };
  round();
  const { figures, disturbed } = await calmRounds(ROUNDS, PATIENCE_MS, round);
  return {
    what: `start-up with --import @kvscope/register, ${name}, over the peer`,
    unit: 'ms',
    ours: spread(figures.map(({ over }) => over)),
    peerName: 'sdk-metrics and the exporter alone',
    peer: spread(figures.map(({ peer }) => peer)),
    disturbed,
    budget: 60,
    peerThen: [171, 221],
  };
}

await measure<'start-up'>({ prometheus: () => startUp('prometheus'), otlp: () => startUp('otlp') });
