import { DEFAULT_SAMPLE_RATE, DEFAULT_SAMPLE_SEED } from '@kvscope/core';
import { SUBSCRIBER_NAMES } from '@kvscope/instrumentation';
import { type Address, address } from '../arguments.js';
import { problems } from './config/problems.js';
import { readWatchConfig } from './config/read-config.js';
import { type SourceKind, sourceConfig } from './config/source-config.js';
import type { WatchConfig } from './config/watch-config.js';
import { definedOnly } from './defined-only.js';
import { SOURCE_FLAGS, type SourceFlags, sourceOfFlags } from './source-flags.js';
import type { WatchRun } from './watch-run.js';

/** Flags as commander hands them over; what is not given is absent. */
export interface WatchFlags extends SourceFlags {
  readonly config?: string;
  readonly prometheus?: Address;
  readonly otlp?: string;
  readonly report?: string;
  readonly ui?: Address;
  readonly sampleRate?: number;
  readonly seed?: number;
  readonly subscribers?: readonly string[];
  readonly window?: number;
  readonly interval?: number;
  readonly duration?: number;
  readonly record?: string;
  readonly maxBlocks?: number;
  readonly json: boolean;
  readonly verbose: number;
}

/** One only logs, and nobody reads the log of this command; the other is for those who look at it live. */
const NOT_BY_DEFAULT: readonly string[] = ['intervalLog', 'trace'];
const DEFAULT_WINDOW_S = 300;
const DEFAULT_INTERVAL_S = 5;
const TERMINAL_INTERVAL_S = 1;

/**
 * The run that arguments and flags ask for. A flag beats what the configuration file says.
 * @param wrong ends with wrong usage
 * @throws Error when the configuration file cannot be used
 */
export function watchRunOf(
  kind: SourceKind | undefined,
  addresses: readonly string[],
  flags: WatchFlags,
  wrong: (message: string) => never,
): WatchRun {
  const file = configOf(kind, addresses, flags, wrong);
  const given = definedOnly(flags);
  const { sources, prometheus, ui, ...fromFile } = file;
  const chosen = { ...fromFile, ...given };
  const listen = flags.prometheus ?? addressOf(prometheus);
  const page = flags.ui ?? addressOf(ui);
  return {
    sources,
    subscribers: chosen.subscribers ?? SUBSCRIBER_NAMES.filter((name) => !NOT_BY_DEFAULT.includes(name)),
    sampleRate: chosen.sampleRate ?? DEFAULT_SAMPLE_RATE,
    seed: chosen.seed ?? DEFAULT_SAMPLE_SEED,
    window: chosen.window ?? DEFAULT_WINDOW_S,
    interval: chosen.interval ?? (process.stderr.isTTY ? TERMINAL_INTERVAL_S : DEFAULT_INTERVAL_S),
    json: flags.json,
    verbose: flags.verbose,
    ...(listen !== undefined && { prometheus: listen }),
    ...(chosen.otlp !== undefined && { otlp: chosen.otlp }),
    ...(chosen.report !== undefined && { report: chosen.report }),
    ...(page !== undefined && { ui: page }),
    ...(chosen.record !== undefined && { record: chosen.record }),
    ...(chosen.maxBlocks !== undefined && { maxBlocks: chosen.maxBlocks }),
    ...(flags.duration !== undefined && { duration: flags.duration }),
  };
}

/** Checked before, as the file was read. */
function addressOf(text: string | number | undefined): Address | undefined {
  return text === undefined ? undefined : address(String(text));
}

function configOf(
  kind: SourceKind | undefined,
  addresses: readonly string[],
  flags: WatchFlags,
  wrong: (message: string) => never,
): WatchConfig {
  if (flags.config !== undefined) {
    if (kind !== undefined) wrong(`--config names its sources itself. Leave out '${kind}', or --config.`);
    const extra = SOURCE_FLAGS.find(({ key }) => flags[key] !== undefined);
    if (extra !== undefined)
      wrong(`${extra.flag} speaks of one source. With --config, put it into the file.`);
    return readWatchConfig(flags.config);
  }
  if (kind === undefined) wrong('nothing to listen to. Give a kind and an address, or --config FILE.');
  const source = sourceOfFlags(kind, addresses, flags, wrong);
  const checked = sourceConfig.safeParse(source);
  if (!checked.success) wrong(problems(checked.error, source).join('\n'));
  return { sources: [checked.data] };
}
