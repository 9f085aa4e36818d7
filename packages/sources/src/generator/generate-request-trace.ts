import type { TraceRequest } from '../request-trace/trace-request.js';
import { type GeneratorOptions, generatorSettings } from './generator-options.js';
import { Random } from './random.js';
import { Session } from './session.js';
import { Zipf } from './zipf.js';

const MS_PER_S = 1000;

/**
 * Requests as a chat service sees them: sessions of several turns, each turn's prompt beginning with the last one's
 * prompt and answer; system prompts that many sessions share; some sessions and system prompts far more popular than
 * others. Ids number the prefix blocks in the order in which they first appear, as in the Mooncake format.
 *
 * The same options give the same requests on every machine, each time the result is iterated. Memory is that of
 * `sessions` prompts and `systemPrompts` system prompts, whatever the number of requests.
 * @throws RangeError when an option is outside its range
 */
export function generateRequestTrace(options: GeneratorOptions = {}): Iterable<TraceRequest> {
  const settings = generatorSettings(options);
  return { [Symbol.iterator]: () => generate(settings) };
}

function* generate(settings: Required<GeneratorOptions>): Generator<TraceRequest, void, undefined> {
  const { turns, rate, sessions, contextTokens, systemPrompts, zipfExponent } = settings;
  const random = new Random(settings.seed);
  const newBlock = blockNumbers();
  const popularSession = new Zipf(sessions, zipfExponent);
  const systemPrompt = systemPromptLibrary(settings, random, newBlock);
  const open = new Map<number, Session>();
  let time = 0;
  for (let line = 1; line <= settings.requests; line++) {
    if (line > 1) time += random.exponential(MS_PER_S / rate);
    const place = popularSession.draw(random);
    const added = tokens(random, settings.inputTokens);
    let session = open.get(place);
    if (session === undefined || session.tokens + added > contextTokens) {
      session = new Session(systemPrompts > 0 ? systemPrompt() : []);
      open.set(place, session);
    }
    const { inputLength, hashIds } = session.ask(Math.min(added, contextTokens - session.tokens), newBlock);
    const outputLength = tokens(random, settings.outputTokens);
    session.answer(outputLength);
    if (random.uniform() <= 1 / turns) open.delete(place);
    yield { timestamp: Math.floor(time), inputLength, outputLength, hashIds, line };
  }
}

function blockNumbers(): () => number {
  let next = 0;
  return () => next++;
}

/** Draws system prompts by popularity; one gets its blocks when it is first drawn. */
function systemPromptLibrary(
  { systemPrompts, systemPromptBlocks, zipfExponent }: Required<GeneratorOptions>,
  random: Random,
  newBlock: () => number,
): () => readonly number[] {
  const popularity = new Zipf(systemPrompts, zipfExponent);
  const library = new Map<number, readonly number[]>();
  return () => {
    const rank = popularity.draw(random);
    const prompt = library.get(rank) ?? Array.from({ length: systemPromptBlocks }, newBlock);
    library.set(rank, prompt);
    return prompt;
  };
}

function tokens(random: Random, mean: number): number {
  return Math.max(1, Math.round(random.exponential(mean)));
}
