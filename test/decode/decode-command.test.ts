import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode } from '@msgpack/msgpack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inThisProcess } from '../replay/in-this-process.ts';
import { kvscope } from '../replay/kvscope.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kvscope-decode-'));
});
afterAll(() => rm(folder, { recursive: true }));

const HASH = 15760518052499183552n;
const batch = (...events: unknown[]) => encode([1761816192.5, events, 0], { useBigInt64: true });
const events = (stdout: string) =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

it('prints events a line: 64-bit keys as unsigned decimals, digests as hex, from files and standard input', async () => {
  const signed = await file(
    'signed',
    batch(['BlockStored', [BigInt.asIntN(64, HASH)], null, [1], 1, null, 'GPU']),
  );
  const digest = Buffer.alloc(32, 0xab);
  const { code, stdout, stderr } = await kvscope(['decode', '--format', 'vllm', signed, '-'], {
    input: batch(['BlockRemoved', [digest], 'CPU'], ['AllBlocksCleared']),
  });
  expect([code, stderr]).toEqual([0, '']);
  const time = 1761816192500;
  expect(stdout.split('\n')[0]).toBe(
    `{"event":"block.stored","tier":"l0","keys":["15760518052499183552"],"cause":"unknown","time":${time}}`,
  );
  expect(events(stdout).slice(1)).toEqual([
    { event: 'block.evicted', tier: 'l1', keys: [`0x${'ab'.repeat(32)}`], reason: 'capacity', time },
    { event: 'tier.cleared', time },
  ]);
});

it('says what it skipped and why, and prints its neighbours', async () => {
  const path = await file('mixed', batch(['BlockDreamt', [1n]], ['BlockRemoved', [2n], 'GPU']));
  const broken = await file('broken', Buffer.from([0xc1]));
  const { code, stdout, stderr } = await inThisProcess(['decode', '--format', 'vllm', broken, path]);
  expect(code).toBe(0);
  expect(events(stdout).map(({ keys }) => keys)).toEqual([['2']]);
  expect(stderr).toContain(`${broken}: skipped (invalid): a payload is not of this format\n`);
  expect(stderr).toContain(`${path}: skipped (unknown_event): an event of a kind that is not known\n`);
});

it('reads allocation reports and TensorRT-LLM events, keeping what these formats need', async () => {
  const report = (request: string, tokens: number[]) =>
    JSON.stringify({
      instance_id: 'i',
      model_name: 'm',
      records: [{ req_id: request, new_block_ids: [7], new_token_ids: tokens }],
    });
  const reports = await file(
    'reports',
    `${report('a', [1, 2])}\n{"request_id":"a"}\n${report('b', [3, 4])}\n`,
  );
  const { stdout } = await inThisProcess([
    'decode',
    '--format',
    'allocations',
    '--block-tokens',
    '2',
    reports,
  ]);
  expect(events(stdout).map(({ event }) => event)).toEqual([
    'block.stored',
    'block.released',
    'block.evicted',
    'block.stored',
  ]);
  const trtllm = (id: number, data: unknown) => ({ event_id: id, data, window_size: 64 });
  const response = await file(
    'response',
    JSON.stringify([
      trtllm(0, {
        type: 'stored',
        parent_hash: null,
        blocks: [{ block_hash: 5, tokens: [], cache_level: 1 }],
      }),
      trtllm(1, { type: 'removed', block_hashes: [5] }),
    ]),
  );
  const moved = await inThisProcess(['decode', '--format', 'trtllm', response]);
  expect(events(moved.stdout).map(({ event, tier }) => [event, tier])).toEqual([
    ['block.stored', 'l1'],
    ['block.evicted', 'l1'],
  ]);
});

describe('exits', () => {
  it('with 1 when nothing could be decoded, and 0 when there was nothing to say', async () => {
    const refused = await file('refused', Buffer.from([0xc1]));
    const nothing = await inThisProcess(['decode', '--format', 'vllm', refused]);
    expect([nothing.code, nothing.stdout]).toEqual([1, '']);
    const silent = await file('silent', batch());
    const empty = await inThisProcess(['decode', '--format', 'vllm', silent]);
    expect([empty.code, empty.stdout, empty.stderr]).toEqual([0, '', '']);
  });

  it('with 1 and the name of a file that cannot be read', async () => {
    const path = join(folder, 'none');
    const { code, stderr } = await inThisProcess(['decode', '--format', 'vllm', path]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`kvscope: ${path}: cannot be read: ENOENT`)]);
  });

  it.each([
    [['x'], /required option '--format <format>'/],
    [['--format', 'vlm', 'x'], /Allowed choices are vllm, sglang, mooncake, trtllm, allocations/],
    [['--format', 'vllm'], /missing required argument 'file'/],
    [['--format', 'vllm', '--block-tokens', '4', 'x'], /--block-tokens does not go with --format vllm/],
  ])('with 2 for %j', async (args, message) => {
    const { code, stderr } = await inThisProcess(['decode', ...args]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

const FIXTURES = fileURLToPath(new URL('../../../shared/fixtures/wire/', import.meta.url));

describe.skipIf(!existsSync(FIXTURES))(
  'the files of ../shared/fixtures/wire (skipped: the folder is not there)',
  () => {
    it.each([
      ['vllm', 'vllm_v8_map_kthena_capture.msgpack', [String(HASH)]],
      ['sglang', 'sglang_g1_array.msgpack', [String(HASH)]],
      ['trtllm', 'trtllm_events.json', ['4203099703668305365']],
    ])('%s: %s begins with the block that it was made with', async (format, name, keys) => {
      const { code, stdout, stderr } = await inThisProcess(['decode', '--format', format, FIXTURES + name]);
      expect([code, stderr]).toEqual([0, '']);
      expect(events(stdout)[0]).toMatchObject({ event: 'block.stored', tier: 'l0', keys });
    });
  },
);
