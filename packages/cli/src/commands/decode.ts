import { CAPTURE_FORMATS, type CaptureFormat } from '@kvscope/sources';
import { Command, Option } from 'commander';
import { wholeNumber } from '../arguments.js';
import { runDecode } from '../decode/decode-run.js';

interface DecodeFlags {
  readonly format: CaptureFormat;
  readonly blockTokens?: number;
}

export function decodeCommand(ended: (exitCode: number) => void): Command {
  return new Command('decode')
    .description(
      'Print the events that captured payloads of an engine stand for, one JSON object a line:\n' +
        '  {"event":"block.stored","tier":"l0","keys":["15760518052499183552"],"cause":"unknown","time":1761816192500}\n' +
        'A 64-bit key is an unsigned decimal string, a byte digest is 0x and hex. What is skipped goes to standard\n' +
        'error with its reason. Kept from one payload to the next is only what a format needs: the tier of a\n' +
        'TensorRT-LLM block, the content of a physical block. There are no reference counts and no gaps here.',
    )
    .argument('<file...>', 'captured payloads, in the order they were sent; - reads standard input')
    .addOption(
      new Option('--format <format>', 'who wrote them').choices(CAPTURE_FORMATS).makeOptionMandatory(),
    )
    .option(
      '--block-tokens <tokens>',
      'allocations: tokens of a block where a report does not tell (default: 16)',
      wholeNumber(1, 1_048_576),
    )
    .addHelpText(
      'after',
      `
A file of vllm, sglang or mooncake is the msgpack payload of a message (its third frame), or several behind one
another; of trtllm the JSON of a response, or one event a line; of allocations a JSON report, or one a line.

Examples:
  kvscope decode --format vllm batch.msgpack
  kvscope decode --format trtllm events.json | jq -r .tier | sort | uniq -c
  kvscope decode --format sglang *.msgpack | kvscope watch ndjson - --json

Exit codes: 0 done, 1 a file cannot be read or nothing could be decoded, 2 wrong usage.`,
    )
    .action(async (files: string[], flags: DecodeFlags, command: Command) => {
      if (flags.blockTokens !== undefined && flags.format !== 'allocations') {
        command.error(
          `error: --block-tokens does not go with --format ${flags.format}, only with allocations.`,
        );
      }
      ended(await runDecode({ ...flags, files }));
    });
}
