import { fileURLToPath } from 'node:url';
import { startProcess } from './running-process.ts';

const BIN = fileURLToPath(new URL('../../packages/cli/bin/kvscope.js', import.meta.url));
const START_MS = 60_000;
/** Ten seconds of work where nothing else runs, and many times that where much does. */
const RUN_MS = 300_000;

export interface ServingCommand {
  /** Where its metrics are. */
  readonly url: URL;
  /** Resolves when what it does has ended, and it only serves its metrics. */
  readonly held: () => Promise<void>;
  /** Ends it with Ctrl-C. Returns its exit code and its summary. */
  stop(): Promise<{ readonly code: number | null; readonly summary: string }>;
}

/** A command that serves its metrics, on a free port. */
export async function serveCommand(args: readonly string[]): Promise<ServingCommand> {
  const command = startProcess(process.execPath, [BIN, ...args, '--prometheus', '0']);
  try {
    const [, url] = await command.untilStderr(/^Serving metrics at (.+)$/m, START_MS);
    return {
      url: new URL(url as string),
      async held() {
        await command.untilStderr(/^Holding until Ctrl-C$/m, RUN_MS);
      },
      async stop() {
        const { code, stdout } = await command.stop('SIGINT');
        return { code, summary: stdout };
      },
    };
  } catch (error) {
    await command.stop();
    throw error;
  }
}

/** A replay that has ended and serves its metrics until it is stopped. */
export async function holdReplay(args: readonly string[]): Promise<ServingCommand> {
  const replay = await serveCommand(['replay', ...args, '--hold']);
  try {
    await replay.held();
    return replay;
  } catch (error) {
    await replay.stop();
    throw error;
  }
}
