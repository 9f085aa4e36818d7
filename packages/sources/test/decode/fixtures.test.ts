import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { CaptureFormat } from '../../src/index.ts';
import { captured, told } from './payloads.ts';

const FOLDER = fileURLToPath(new URL('../../../../../shared/fixtures/wire/', import.meta.url));
const present = existsSync(FOLDER);

/** What each file stands for, read off its decoded form by hand. */
const H = '15760518052499183552';
const STATED: Readonly<Record<string, readonly unknown[]>> = {
  sglang_g1_array: [['block.stored', 'l0', [H]]],
  sglang_g2_array_medium: [['block.stored', 'l1', [H]]],
  sglang_g2_array_medium_default: [['block.stored', 'l0', [H]]],
  sglang_g4_map: [
    ['block.stored', 'l0', [`${H}/0#80a707af7dc77ee1`]],
    ['block.stored', 'l2', ['5']],
    ['block.evicted', 'l2', ['5']],
    ['block.evicted', 'l0', ['6']],
    ['tier.cleared', undefined, undefined],
  ],
  vllm_v1_array: [
    ['block.stored', 'l0', [H, '4284880390408332321']],
    ['block.evicted', 'l0', ['10213826896782787679']],
    ['tier.cleared', undefined, undefined],
  ],
  vllm_v2_array_dp: [['block.stored', 'l0', [H]]],
  vllm_v3_array_medium: [
    ['block.stored', 'l0', [H]],
    ['block.evicted', 'l1', [H]],
    ['block.evicted', 'l0', ['4284880390408332321']],
  ],
  vllm_v5_array_lora_name: [['block.stored', 'l0', [H]]],
  vllm_v7_array_defaults: [
    ['block.stored', 'l0', [H]],
    ['block.evicted', 'l0', ['4284880390408332321']],
  ],
  vllm_v7_array_full: [
    ['block.stored', 'l0', [`${H}/0#b89b092f3bfff017`]],
    ['block.stored', 'l0', ['4284880390408332321/1']],
    ['block.evicted', 'l0', ['4284880390408332321/1']],
  ],
  vllm_v8_map: [
    ['block.stored', 'l0', [H]],
    ['block.evicted', 'l1', ['4284880390408332321']],
    ['tier.cleared', undefined, undefined],
  ],
  vllm_v8_map_kthena_capture: [['block.stored', 'l0', [H]]],
};

describe.skipIf(!present)('the files of ../shared/fixtures/wire (skipped: the folder is not there)', () => {
  const files = present ? readdirSync(FOLDER).filter((file) => file.endsWith('.msgpack')) : [];

  it.each(files)('%s decodes to its stated content', (file) => {
    const name = file.replace('.msgpack', '');
    const format: CaptureFormat = name.startsWith('sglang') ? 'sglang' : 'vllm';
    const { events, skipped } = captured(format, readFileSync(FOLDER + file));
    expect(told(events)).toEqual(STATED[name]);
    expect(skipped).toEqual([]);
    const stated = JSON.parse(readFileSync(`${FOLDER}${name}.json`, 'utf8')) as { decoded: [number] };
    for (const { time } of events) expect(time).toBe(stated.decoded[0] * 1000);
  });

  it('trtllm_events.json decodes to its stated content', () => {
    const { events, skipped } = captured('trtllm', readFileSync(`${FOLDER}trtllm_events.json`));
    expect(told(events)).toEqual([
      ['block.stored', 'l0', ['4203099703668305365']],
      ['block.evicted', 'l0', ['4203099703668305365']],
      ['block.stored', 'l1', ['4203099703668305365']],
      ['block.evicted', 'l1', ['4203099703668305365']],
    ]);
    expect(skipped).toEqual([]);
  });
});
