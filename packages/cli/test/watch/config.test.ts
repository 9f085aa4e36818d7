import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkWatchConfig } from '../../src/watch/config/read-config.ts';
import { SOURCE_KINDS } from '../../src/watch/config/source-config.ts';
import { watchConfigSchemaText } from '../../src/watch/config/watch-config.ts';

const vllm = { kind: 'vllm', endpoints: ['tcp://127.0.0.1:5557'] };
const check = (...sources: unknown[]) => checkWatchConfig({ sources }, 'watch.yaml');

it('the committed schema is what the code says (write it again with `npm run schema -w packages/cli`)', () => {
  const committed = readFileSync(new URL('../../schema/watch-config.schema.json', import.meta.url), 'utf8');
  expect(committed).toBe(watchConfigSchemaText());
});

it('has every kind of source', () => {
  expect(SOURCE_KINDS).toEqual(['vllm', 'sglang', 'mooncake', 'trtllm', 'ndjson', 'allocations']);
});

it('takes what is right', () => {
  const sources = [
    { ...vllm, name: 'a', ranks: 4, replay: ['tcp://127.0.0.1:5558'], attributes: { zone: 'b', spot: true } },
    { kind: 'mooncake', endpoints: ['tcp://*:5557'], bind: true, topic: '', capacities: { l1: 5000 } },
    { ...vllm, name: 'c', replayTimeout: 2.5, queue: { maxBatches: 100 }, limits: { maxDepth: 8 } },
    { kind: 'trtllm', url: 'http://127.0.0.1:8000', pollInterval: 0.5 },
    { kind: 'ndjson', from: '-' },
    { kind: 'allocations', from: 'tcp:9999', blockTokens: 16 },
  ];
  expect(check(...sources).sources).toEqual(sources);
});

describe('names the field, its value and what is allowed', () => {
  it.each([
    [{ ...vllm, ranks: 1.5 }, 'watch.yaml: sources[0].ranks is 1.5; allowed: a whole number from 1 to 1024'],
    [{ kind: 'vllm' }, 'sources[0].endpoints is missing; allowed: a list of at least one tcp://HOST:PORT'],
    [{ kind: 'vllm', endpoints: [] }, 'sources[0].endpoints is []; allowed: a list of at least one'],
    [{ ...vllm, endpoints: ['tcp://a'] }, "sources[0].endpoints[0] is 'tcp://a'; allowed: tcp://HOST:PORT"],
    [
      { ...vllm, rank: 1 },
      'sources[0].rank is not a field; allowed: kind, name, attributes, limits, endpoints',
    ],
    [
      { ...vllm, endpoints: ['tcp://a:65536'] },
      "sources[0].endpoints[0] is 'tcp://a:65536'; allowed: a port of at most 65535",
    ],
    [
      { ...vllm, endpoints: ['tcp://*:5557'] },
      'sources[0].endpoints is ["tcp://*:5557"]; allowed: addresses with the HOST and PORT of the engine',
    ],
    [
      { ...vllm, replay: ['tcp://*:5558'] },
      'sources[0].replay is ["tcp://*:5558"]; allowed: addresses with the HOST and PORT of the engine',
    ],
    [
      { ...vllm, endpoints: ['tcp://a:65534'], ranks: 3 },
      'sources[0].ranks is 3; allowed: fewer, since rank r is at port + r, of at most 65535',
    ],
    [
      { ...vllm, limits: { maxDepth: 0 } },
      'sources[0].limits.maxDepth is 0; allowed: a whole number from 1 to 1024',
    ],
    [{ ...vllm, queue: { size: 1 } }, 'sources[0].queue.size is not a field; allowed: maxBatches, maxBytes'],
    [{ kind: 'lmcache' }, "sources[0].kind is 'lmcache'; allowed: vllm, sglang, mooncake"],
    [{ ...vllm, bind: 'yes' }, "sources[0].bind is 'yes'; allowed: true or false"],
    [
      { ...vllm, bind: true, replay: ['tcp://a:1'] },
      'sources[0].replay is ["tcp://a:1"]; allowed: none with',
    ],
    [
      { ...vllm, attributes: { a: 1, b: 2, c: 3 } },
      'sources[0].attributes is {"a":1,"b":2,"c":3}; allowed: at most 2 attributes',
    ],
    [{ kind: 'trtllm', url: 'a:1' }, "sources[0].url is 'a:1'; allowed: an http or https address"],
    [
      { kind: 'mooncake', endpoints: ['tcp://a:1'], replay: [] },
      'sources[0].replay is not a field; allowed: kind, name, attributes, limits, endpoints, bind, ranks, topic',
    ],
    ['tcp://a:1', "sources[0] is 'tcp://a:1'; allowed: "],
  ])('%j', (source, message) => {
    expect(() => check(source)).toThrow(message);
  });

  it('in every place at once', () => {
    const data = { sources: [vllm, vllm], window: 7, subscribers: ['lifecicle'], prometheus: 70_000 };
    expect(() => checkWatchConfig(data, 'watch.yaml')).toThrow(
      new RegExp(
        [
          "sources\\[1\\]\\.name is missing; allowed: a name that no other source has, and 'vllm' is taken",
          'prometheus is 70000; allowed: a whole number from 0 to 65535',
          "subscribers\\[0\\] is 'lifecicle'; allowed: lifecycle, shards",
          'window is 7; allowed: 0\\.001, ',
        ].join('[^]*'),
      ),
    );
    expect(() => checkWatchConfig(null, 'watch.yaml')).toThrow('watch.yaml: the file is null; allowed: ');
  });
});
