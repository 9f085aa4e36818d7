/**
 * The items, until the signal aborts: then it throws the signal's reason, also while the next item has not come.
 * The items are closed on every way out; where one is still awaited, closing is asked for but not waited for.
 */
export async function* interruptible<T>(
  items: AsyncIterable<T> | Iterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void, undefined> {
  if (signal === undefined) {
    yield* items;
    return;
  }
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  // Not Promise.race with one promise for the abort: that promise would keep a reaction for every item.
  let abandon: (reason: unknown) => void = ignore;
  const onAbort = () => abandon(signal.reason);
  signal.addEventListener('abort', onAbort);
  let state: 'idle' | 'awaiting' | 'over' = 'idle';
  try {
    for (;;) {
      signal.throwIfAborted();
      state = 'awaiting';
      const next = await new Promise<IteratorResult<T, unknown>>((resolve, reject) => {
        abandon = reject;
        Promise.resolve(iterator.next()).then(resolve, (error: unknown) => {
          state = 'over';
          reject(error);
        });
      });
      if (next.done === true) {
        state = 'over';
        return;
      }
      state = 'idle';
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    if (state === 'idle') await iterator.return?.();
    else if (state === 'awaiting') Promise.resolve(iterator.return?.()).catch(ignore);
  }
}

function ignore(): void {}
