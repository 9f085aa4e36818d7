import { fileURLToPath } from 'node:url';
import { startProcess } from './running-process.ts';

const BIN = fileURLToPath(new URL('../../packages/cli/bin/kvscope.js', import.meta.url));
/** Ten seconds of work where nothing else runs, and many times that where much does. */
const REPLAY_MS = 300_000;

export interface HeldReplay {
  /** Where its metrics are. */
  readonly url: URL;
  /** Ends it with Ctrl-C. Returns its exit code and its summary. */
  stop(): Promise<{ readonly code: number | null; readonly summary: string }>;
}

/** A replay that has ended and serves its metrics until it is stopped. */
export async function holdReplay(args: readonly string[]): Promise<HeldReplay> {
  const replay = startProcess(process.execPath, [BIN, 'replay', ...args, '--prometheus', '0', '--hold']);
  try {
    const [, url] = await replay.untilStderr(/^Serving metrics at (.+)$/m, REPLAY_MS);
    await replay.untilStderr(/^Holding until Ctrl-C$/m, REPLAY_MS);
    return {
      url: new URL(url as string),
      async stop() {
        const { code, stdout } = await replay.stop('SIGINT');
        return { code, summary: stdout };
      },
    };
  } catch (error) {
    await replay.stop();
    throw error;
  }
}
