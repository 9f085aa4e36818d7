import { CommanderError } from 'commander';
import { EXIT } from './exit.js';
import { createProgram } from './program.js';

/**
 * Runs the command.
 * @param args what follows the command's name
 * @returns the exit code: 0 done, 1 run-time failure, 2 wrong usage, 3 findings
 */
export async function main(args: readonly string[]): Promise<number> {
  // A reader that goes away early (`| head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.failed);
  });
  let code: number = EXIT.done;
  try {
    const program = await createProgram(args, (exitCode) => {
      code = exitCode;
    });
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    process.stderr.write(`kvscope: ${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.failed;
  }
}
