import { spawnSync } from 'node:child_process';
import { type Comparison, spread } from '../comparison.js';
import { measure } from './shapes.js';

const ROUNDS = 11;
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

function startUp(name: keyof typeof EXPORTERS): Comparison {
  const figures = { ours: [] as number[], peer: [] as number[] };
  for (let round = -1; round < ROUNDS; round++) {
    const peer = milliseconds(['@opentelemetry/sdk-metrics', EXPORTERS[name]], name);
    const ours = milliseconds(['@kvscope/register'], name);
    if (round < 0) continue;
    figures.ours.push(ours - peer);
    figures.peer.push(peer);
  }
  return {
    what: `start-up with --import @kvscope/register, ${name}, over the peer`,
    unit: 'ms',
    ours: spread(figures.ours),
    peerName: 'sdk-metrics and the exporter alone',
    peer: spread(figures.peer),
    budget: 60,
  };
}

await measure<'start-up'>({ prometheus: () => startUp('prometheus'), otlp: () => startUp('otlp') });
