import { fileURLToPath } from 'node:url';
import { type Ended, startProcess } from './running-process.ts';

export const KVSCOPE = fileURLToPath(new URL('../../packages/cli/bin/kvscope.js', import.meta.url));
const START_MS = 60_000;

export interface LiveCommand {
  /** Where its page is. */
  readonly url: string;
  readonly ended: Promise<Ended>;
  /** Presses Ctrl-C. */
  interrupt(): Promise<Ended>;
  /** Safe to call again, and on one that has ended. */
  stop(): Promise<Ended>;
}

/** A command that serves its report, on a free port. */
export async function serveLive(args: readonly string[]): Promise<LiveCommand> {
  const command = startProcess(process.execPath, [KVSCOPE, ...args, '--ui', '0']);
  try {
    const [, url = ''] = await command.untilStderr(/^Serving the report at (.+)$/m, START_MS);
    return {
      url,
      ended: command.ended,
      interrupt: () => command.stop('SIGINT'),
      stop: () => command.stop(),
    };
  } catch (error) {
    await command.stop();
    throw error;
  }
}
