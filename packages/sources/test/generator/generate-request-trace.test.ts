import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateRequestTrace } from '../../src/generator/generate-request-trace.js';
import type { GeneratorOptions } from '../../src/generator/generator-options.js';
import { parseRequest } from '../../src/request-trace/parse-request.js';
import { BLOCK_TOKENS, formatRequest, type TraceRequest } from '../../src/request-trace/trace-request.js';

function generate(options: GeneratorOptions): TraceRequest[] {
  return [...generateRequestTrace(options)];
}

const settings: fc.Arbitrary<GeneratorOptions> = fc.record({
  requests: fc.nat(80),
  seed: fc.nat(2 ** 32 - 1),
  rate: fc.double({ min: 0.01, max: 1000, noNaN: true }),
  sessions: fc.integer({ min: 1, max: 20 }),
  turns: fc.integer({ min: 1, max: 9 }),
  systemPrompts: fc.nat(4),
  systemPromptBlocks: fc.integer({ min: 1, max: 5 }),
  inputTokens: fc.integer({ min: 1, max: 3000 }),
  outputTokens: fc.integer({ min: 1, max: 3000 }),
  contextTokens: fc.integer({ min: 5 * BLOCK_TOKENS + 1, max: 40_000 }),
  zipfExponent: fc.double({ min: 0, max: 3, noNaN: true }),
});

describe('generateRequestTrace', () => {
  it('gives the same requests for the same options, and others for another seed', () => {
    const trace = generateRequestTrace({ requests: 50, seed: 5 });
    expect([...trace]).toEqual([...trace]);
    expect([...trace]).toEqual(generate({ requests: 50, seed: 5 }));
    expect([...trace]).not.toEqual(generate({ requests: 50, seed: 6 }));
  });

  it('begins alike whatever the number of requests', () => {
    expect(generate({ requests: 100 }).slice(0, 30)).toEqual(generate({ requests: 30 }));
  });

  it('is a valid trace for any options', () => {
    fc.assert(
      fc.property(settings, (options) => {
        const requests = generate(options);
        expect(requests).toHaveLength(options.requests as number);
        let time = 0;
        let blocks = 0;
        for (const [i, request] of requests.entries()) {
          expect(parseRequest(formatRequest(request), i + 1)).toEqual(request);
          expect(request.timestamp).toBeGreaterThanOrEqual(time);
          expect(request.hashIds).toHaveLength(Math.ceil(request.inputLength / BLOCK_TOKENS));
          expect(request.inputLength).toBeLessThanOrEqual(options.contextTokens as number);
          expect(new Set(request.hashIds).size).toBe(request.hashIds.length);
          // Numbered in the order in which they first appear.
          for (const id of request.hashIds) {
            expect(id).toBeLessThanOrEqual(blocks);
            if (id === blocks) blocks++;
          }
          time = request.timestamp;
        }
      }),
      { numRuns: 60 },
    );
  });

  it('gives an id one prefix only', () => {
    const before = new Map<number, number>();
    for (const { hashIds } of generate({ requests: 2000, seed: 2 })) {
      for (const [i, id] of hashIds.entries()) {
        const previous = hashIds[i - 1] ?? -1;
        expect(before.get(id) ?? previous).toBe(previous);
        before.set(id, previous);
      }
    }
  });

  it('begins each turn with the whole blocks of the last, then those of its answer and of what is new', () => {
    const [first, second] = generate({ requests: 2, sessions: 1, turns: 1e6, systemPrompts: 0, seed: 4 });
    if (first === undefined || second === undefined) throw new Error('expected two requests');
    const whole = Math.floor(first.inputLength / BLOCK_TOKENS);
    expect(whole).toBeGreaterThan(0);
    expect(second.hashIds.slice(0, whole)).toEqual(first.hashIds.slice(0, whole));
    expect(second.hashIds[whole]).not.toBe(first.hashIds[whole]);
    expect(second.inputLength).toBeGreaterThan(first.inputLength + first.outputLength);
  });

  it('begins sessions with system prompts, the popular ones more often', () => {
    const sessions = generate({ requests: 2000, turns: 1, systemPrompts: 5, systemPromptBlocks: 2, seed: 1 });
    const prompts = new Map<string, number>();
    for (const { hashIds } of sessions) {
      const prompt = hashIds.slice(0, 2).join();
      prompts.set(prompt, (prompts.get(prompt) ?? 0) + 1);
    }
    const counts = [...prompts.values()].sort((a, b) => b - a);
    expect(counts).toHaveLength(5);
    // 1 + 1/2 + ... + 1/5 = 137/60: the first has 2000 x 60/137 = 876 of them, the last a fifth of that.
    expect(counts[0]).toBeGreaterThan(780);
    expect(counts[0]).toBeLessThan(970);
    expect(counts[4]).toBeLessThan(250);
  });

  it('has the arrivals and lengths that were asked for', () => {
    const requests = generate({
      requests: 20_000,
      rate: 8,
      turns: 1,
      inputTokens: 900,
      outputTokens: 70,
      seed: 9,
    });
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const prompt = 4 * BLOCK_TOKENS;
    // An exponential mean of n values is off by mean / sqrt(n) = 0.7 %; five times that.
    expect((requests.at(-1)?.timestamp ?? 0) / 20_000 / (1000 / 8)).toBeCloseTo(1, 1);
    expect(mean(requests.map(({ inputLength }) => inputLength - prompt)) / 900).toBeCloseTo(1, 1);
    expect(mean(requests.map(({ outputLength }) => outputLength)) / 70).toBeCloseTo(1, 1);
  });

  it('refuses options outside their range at once', () => {
    expect(() => generateRequestTrace({ sessions: 0 })).toThrow(
      /^sessions is 0; allowed: a whole number from 1/,
    );
    expect(() => generateRequestTrace({ contextTokens: 2048 })).toThrow(
      'contextTokens is 2048; allowed: more than the 2048 tokens of a system prompt',
    );
  });
});
