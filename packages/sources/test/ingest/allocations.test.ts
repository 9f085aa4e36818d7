import { describe, expect, it } from 'vitest';
import { AllocationIngest, type AllocationOptions, createBlockBudget } from '../../src/index.ts';
import { listen } from './setup.ts';

function setup(options: Partial<AllocationOptions> = {}) {
  const { bus, heard } = listen();
  const ingest = new AllocationIngest({ name: 'lmcache', bus, blockTokens: 4, ...options });
  let time = 0;
  const apply = (report: unknown, at = time++) => ingest.apply(Buffer.from(JSON.stringify(report)), at);
  return {
    bus,
    ingest,
    allocate: (request: string, blocks: number[], tokens: number[], instance = 'i', at?: number) =>
      apply(
        {
          instance_id: instance,
          model_name: 'm',
          records: [{ req_id: request, new_block_ids: blocks, new_token_ids: tokens }],
        },
        at,
      ),
    end: (request: string) => apply({ request_id: request }),
    /** Events with their physical blocks. */
    told: () =>
      heard
        .splice(0)
        .map(({ event, keys }) => [event, ...(keys as string[]).map((key) => key.split('#')[0])]),
    heard,
  };
}

describe('a physical block', () => {
  it('is stored when it first shows up, and read when the same content does again', () => {
    const { allocate, end, told } = setup();
    allocate('a', [1, 2], [1, 2, 3, 4, 5, 6, 7, 8]);
    expect(told()).toEqual([['block.stored', '1', '2']]);
    end('a');
    expect(told()).toEqual([['block.released', '1', '2']]);
    allocate('b', [1, 2], [1, 2, 3, 4, 5, 6, 7, 8]);
    expect(told()).toEqual([['block.accessed', '1', '2']]);
  });

  it('is shared while its first owner still holds it, and released with the last', () => {
    const { allocate, end, told } = setup();
    allocate('a', [1], [1, 2, 3, 4]);
    allocate('b', [1], [1, 2, 3, 4]);
    end('a');
    end('b');
    expect(told()).toEqual([
      ['block.stored', '1'],
      ['block.accessed', '1'],
      ['block.released', '1'],
    ]);
  });

  it('was evicted and refilled when other content is in it, under another key', () => {
    const { allocate, heard, told } = setup();
    allocate('a', [1], [1, 2, 3, 4]);
    allocate('b', [1], [9, 9, 9, 9]);
    const keys = heard.map(({ keys }) => (keys as string[])[0]);
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).not.toBe(keys[0]);
    expect(told()).toEqual([
      ['block.stored', '1'],
      ['block.evicted', '1'],
      ['block.stored', '1'],
    ]);
  });

  it('has other content when only what stands before it differs', () => {
    const { allocate, told } = setup();
    allocate('a', [1, 2], [1, 1, 1, 1, 5, 6, 7, 8]);
    allocate('b', [3, 2], [2, 2, 2, 2, 5, 6, 7, 8]);
    expect(told()).toEqual([
      ['block.stored', '1', '2'],
      ['block.stored', '3'],
      ['block.evicted', '2'],
      ['block.stored', '2'],
    ]);
  });

  it('grows with its request token by token without an event', () => {
    const { allocate, end, told } = setup();
    allocate('a', [1], [1, 2]);
    allocate('a', [], [3]);
    allocate('a', [], [4]);
    allocate('a', [2], [5]);
    end('a');
    allocate('b', [1], [1, 2, 3, 4]);
    expect(told()).toEqual([
      ['block.stored', '1'],
      ['block.stored', '2'],
      ['block.released', '1', '2'],
      ['block.accessed', '1'],
    ]);
  });

  it('that was allocated ahead of its tokens is judged when they come', () => {
    const { allocate, told } = setup();
    allocate('a', [1], [1, 2, 3, 4]);
    allocate('b', [2, 1], [7, 7, 7, 7]);
    expect(told()).toEqual([
      ['block.stored', '1'],
      ['block.stored', '2'],
    ]);
    allocate('b', [], [8]);
    expect(told()).toEqual([
      ['block.evicted', '1'],
      ['block.stored', '1'],
    ]);
  });

  it('is another one in another instance, and so is a request', () => {
    const { allocate, end, told, bus } = setup();
    allocate('a', [1], [1, 2, 3, 4], 'x');
    allocate('a', [1], [5, 6, 7, 8], 'y');
    end('a');
    expect(told().map(([event]) => event)).toEqual([
      'block.stored',
      'block.stored',
      'block.released',
      'block.released',
    ]);
    expect([...bus.sources].map(({ accesses }) => accesses)).toEqual([true, true]);
  });
});

describe('bounds', () => {
  it('lets go of requests whose end never comes', () => {
    const { allocate, end, told } = setup({ maxRequestAge: 10 });
    allocate('a', [1], [1, 2, 3, 4], 'i', 0);
    allocate('b', [2], [1, 2, 3, 4], 'i', 10_001);
    end('a');
    expect(told()).toEqual([
      ['block.stored', '1'],
      ['block.stored', '2'],
    ]);
  });

  it('refuses and counts blocks over the budget', () => {
    const { allocate, told, ingest } = setup({ budget: createBlockBudget(1) });
    allocate('a', [1, 2], [1, 2, 3, 4, 5, 6, 7, 8]);
    expect(told()).toEqual([['block.stored', '1']]);
    expect(ingest.statistics.untrackedByLimit).toBe(1);
  });

  it('skips malformed records and reports, and more than 64 instances', () => {
    const { ingest, allocate } = setup();
    ingest.apply(Buffer.from('{"instance_id":"i","records":[{"req_id":"a"},7]}'), 0);
    ingest.apply(Buffer.from('{"instance_id":"i"}'), 0);
    ingest.apply(Buffer.from('{'), 0);
    for (let i = 0; i < 70; i++) allocate('a', [1], [1], `instance-${i}`);
    const kinds = ['malformed_event', 'invalid', 'too_many_sources'] as const;
    expect(kinds.map((kind) => ingest.statistics.errors(kind))).toEqual([3, 1, 7]);
  });
});
