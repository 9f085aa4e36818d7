import { DiagLogLevel, diag } from '@opentelemetry/api';
import { type Command, Option } from 'commander';

/** From so many -v on, the live view is shown. */
const VIEW = 3;

/** Adds -v, which may be given up to three times. */
export function withVerbosity(command: Command): Command {
  return command.addOption(
    new Option(
      '-v, --verbose',
      '-v logs information, -vv what is of use for debugging, -vvv shows the live view',
    )
      .argParser((_: string, before: number) => before + 1)
      .default(0, 'warnings only'),
  );
}

export function wantsView(verbose: number): boolean {
  return verbose >= VIEW;
}

/** Sends what OTel and kvscope log to standard error, as far as it was asked for. */
export function startLogging(verbose: number): void {
  if (verbose === 0) return;
  const log =
    (level: string) =>
    (message: string, ...rest: unknown[]) =>
      void process.stderr.write(
        `${new Date().toISOString()} ${level} ${[message, ...rest].map(String).join(' ')}\n`,
      );
  const logger = {
    error: log('error'),
    warn: log('warn'),
    info: log('info'),
    debug: log('debug'),
    verbose: log('debug'),
  };
  const logLevel = verbose === 1 ? DiagLogLevel.INFO : DiagLogLevel.DEBUG;
  diag.setLogger(logger, { logLevel, suppressOverrideMessage: true });
}
