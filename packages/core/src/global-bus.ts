import { type Bus, createBus } from './bus.js';

/** The number is the version of the bus's interface: copies of the package that agree on it share one bus. */
const BUS = Symbol.for('kvscope.bus.1');

/**
 * The bus of this thread: one however often, and in whatever module format, the package is loaded. (Were it a
 * module variable, a second installed copy would publish to nobody.)
 */
export function getBus(): Bus {
  const holder = globalThis as { [BUS]?: Bus };
  const existing = holder[BUS];
  if (existing !== undefined) return existing;
  const bus = createBus();
  Object.defineProperty(globalThis, BUS, { value: bus });
  return bus;
}
