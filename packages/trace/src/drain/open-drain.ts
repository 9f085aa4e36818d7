import { Worker } from 'node:worker_threads';
import type { DrainData, DrainMessage, OwnerMessage } from './messages.js';

/** The drain that a thread has started. */
export interface OpenedDrain {
  tell(message: OwnerMessage): void;
}

export interface DrainHandlers {
  readonly told: (message: DrainMessage) => void;
  /** The drain is no more, and not because it was asked to close. Called once. */
  readonly failed: (error: Error) => void;
}

/** Starts a drain that never keeps the process alive. */
export type OpenDrain = (data: DrainData, handlers: DrainHandlers) => OpenedDrain;

const MAX_HEAP_MIB = 128;

export const openDrainWorker: OpenDrain = (workerData, { told, failed }) => {
  const worker = new Worker(new URL('./drain-worker.js', import.meta.url), {
    name: 'kvscope trace',
    workerData,
    // Neither what the application imports first (`--import`) nor its options for V8 are meant for this thread.
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB },
  });
  let over = false;
  const end = (error: Error): void => {
    if (!over) failed(error);
    over = true;
  };
  worker.on('message', told);
  worker.on('error', end);
  worker.on('exit', (code) => end(new Error(`the trace's thread ended with code ${code}`)));
  worker.unref();
  return {
    tell(message) {
      if (message.kind === 'close') over = true;
      worker.postMessage(message);
    },
  };
};
