/** A signal that aborts when another one does, or when so much time is over. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Gives timer and listener back; the signal does not abort any more. */
  release(): void;
}

/**
 * What `AbortSignal.any([parent, AbortSignal.timeout(ms)])` promises: Node lets the timeout be collected as garbage
 * before it fires when only the combined signal is held (https://github.com/nodejs/node/issues/57736).
 * @param ms as `setTimeout` takes it; the timer does not keep the process alive
 */
export function deadline(ms: number, parent: AbortSignal): Deadline {
  const controller = new AbortController();
  const follow = (): void => controller.abort(parent.reason);
  const expire = (): void => controller.abort(new DOMException(`not done in ${ms} ms`, 'TimeoutError'));
  const timer = setTimeout(expire, ms);
  timer.unref();
  if (parent.aborted) follow();
  else parent.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    release() {
      clearTimeout(timer);
      parent.removeEventListener('abort', follow);
    },
  };
}
