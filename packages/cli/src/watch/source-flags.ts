import { SOURCE_FIELDS, type SourceKind } from './config/source-config.js';

/** Flags that describe the one source of a command line. */
export interface SourceFlags {
  readonly name?: string;
  readonly attribute?: readonly string[];
  readonly bind?: boolean;
  readonly replay?: readonly string[];
  readonly ranks?: number;
  readonly topic?: string;
  readonly pollInterval?: number;
  readonly follow?: boolean;
  readonly allowRemote?: boolean;
  readonly blockTokens?: number;
}

/** Each flag, and the field of the source's configuration that it fills. */
export const SOURCE_FLAGS: readonly {
  readonly flag: string;
  readonly key: keyof SourceFlags;
  readonly field: string;
}[] = [
  { flag: '--name', key: 'name', field: 'name' },
  { flag: '--attribute', key: 'attribute', field: 'attributes' },
  { flag: '--bind', key: 'bind', field: 'bind' },
  { flag: '--replay', key: 'replay', field: 'replay' },
  { flag: '--ranks', key: 'ranks', field: 'ranks' },
  { flag: '--topic', key: 'topic', field: 'topic' },
  { flag: '--poll-interval', key: 'pollInterval', field: 'pollInterval' },
  { flag: '--follow', key: 'follow', field: 'follow' },
  { flag: '--allow-remote', key: 'allowRemote', field: 'allowRemote' },
  { flag: '--block-tokens', key: 'blockTokens', field: 'blockTokens' },
];

/**
 * A source as a configuration file would have it; its values are checked there.
 * @param wrong ends with wrong usage
 */
export function sourceOfFlags(
  kind: SourceKind,
  addresses: readonly string[],
  flags: SourceFlags,
  wrong: (message: string) => never,
): Readonly<Record<string, unknown>> {
  const allowed = SOURCE_FIELDS[kind];
  const source: Record<string, unknown> = { kind, ...placeOf(kind, addresses, wrong) };
  for (const { flag, key, field } of SOURCE_FLAGS) {
    const value = flags[key];
    if (value === undefined) continue;
    if (!allowed.includes(field)) {
      const fitting = SOURCE_FLAGS.filter((each) => allowed.includes(each.field));
      wrong(`${flag} does not go with ${kind}. Allowed: ${fitting.map((each) => each.flag).join(', ')}.`);
    }
    source[field] = key === 'attribute' ? attributesOf(flags.attribute ?? [], wrong) : value;
  }
  return source;
}

function placeOf(kind: SourceKind, addresses: readonly string[], wrong: (message: string) => never) {
  if (addresses.length === 0) wrong(`${kind} needs an address. Add --help to see which.`);
  if (SOURCE_FIELDS[kind].includes('endpoints')) return { endpoints: addresses };
  const [only, second] = addresses;
  if (second !== undefined) wrong(`${kind} has one address, and '${second}' is a second one.`);
  return kind === 'trtllm' ? { url: only } : { from: only };
}

function attributesOf(texts: readonly string[], wrong: (message: string) => never): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) wrong(`--attribute is '${text}'; allowed: NAME=VALUE, such as zone=b.`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
