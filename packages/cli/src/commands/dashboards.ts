import { resolve } from 'node:path';
import { readSet, SCHEMES, type Scheme, writeFiles } from '@kvscope/dashboards';
import { Command, Option } from 'commander';
import { EXIT } from '../exit.js';

interface DashboardsFlags {
  readonly out: string;
  readonly scheme: Scheme;
  readonly json: boolean;
}

export function dashboardsCommand(ended: (exitCode: number) => void): Command {
  return new Command('dashboards')
    .description(
      'Write five Grafana dashboards, recording and alert rules for Prometheus, and the files that provision Grafana.\n' +
        'Files of the same name are replaced, others in the folder stay.',
    )
    .requiredOption('--out <dir>', 'folder to write into, made when it is missing')
    .addOption(
      new Option(
        '--scheme <scheme>',
        'how metrics come into Prometheus: prometheus = scraped from the JavaScript exporter, otlp = through OTLP',
      )
        .choices([...SCHEMES])
        .default('prometheus'),
    )
    .option('--json', 'print one JSON object instead of the paths', false)
    .addHelpText(
      'after',
      `
Which scheme? Ask Prometheus for kv_cache_block_lifetime_count: prometheus. For kv_cache_block_lifetime_seconds_count: otlp.

Written:
  grafana/dashboards/      overview, store, layerwise, lifecycle, health
  grafana/provisioning/    data source and dashboards, for a Grafana with PROMETHEUS_URL in its environment
  rules/kvscope.yaml       for rule_files in prometheus.yml

Examples:
  kvscope dashboards --out ./kvscope-dashboards
  kvscope dashboards --out /etc/kvscope --scheme otlp`,
    )
    .action(async (flags: DashboardsFlags) => ended(await runDashboards(flags)));
}

async function runDashboards({ out, scheme, json }: DashboardsFlags): Promise<number> {
  const files = await readSet(scheme);
  const folder = resolve(out);
  await writeFiles(files, folder);
  const written = [...files.keys()];
  if (json) process.stdout.write(`${JSON.stringify({ scheme, folder, files: written })}\n`);
  else process.stdout.write(written.map((path) => `${resolve(folder, path)}\n`).join(''));
  return EXIT.done;
}
