import { describe, expect, it } from 'vitest';
import { MAX_HASH_IDS, parseRequest } from '../../src/request-trace/parse-request.js';

const WHOLE = 'a whole number from 0 to 9007199254740991';

function parse(fields: string) {
  return parseRequest(`{${fields}}`, 1);
}

describe('parseRequest', () => {
  it('takes the four fields and ignores others', () => {
    const text =
      '{"x":[{}],"timestamp":1.5,"input_length":700,"output_length":0,"hash_ids":[4,9007199254740991]}';
    expect(parseRequest(text, 12)).toEqual({
      timestamp: 1.5,
      inputLength: 700,
      outputLength: 0,
      hashIds: [4, Number.MAX_SAFE_INTEGER],
      line: 12,
    });
  });

  it('allows a request of no blocks', () => {
    expect(parse('"timestamp":0,"input_length":0,"output_length":0,"hash_ids":[]')).toMatchObject({
      hashIds: [],
    });
  });

  it.each([
    ['[1]', 'the line is an array; expected a JSON object'],
    ['null', 'the line is null; expected a JSON object'],
    ['7', 'the line is 7; expected a JSON object'],
    ['"timestamp"', 'the line is "timestamp"; expected a JSON object'],
  ])('refuses %s, which is no object', (text, reason) => {
    expect(parseRequest(text, 1)).toBe(reason);
  });

  it.each([
    ['', 'timestamp is missing; expected a finite number of ms, 0 or more'],
    ['"timestamp":-1', 'timestamp is -1; expected a finite number of ms, 0 or more'],
    ['"timestamp":1e999', 'timestamp is Infinity; expected a finite number of ms, 0 or more'],
    ['"timestamp":"0"', 'timestamp is "0"; expected a finite number of ms, 0 or more'],
    ['"timestamp":0', `input_length is missing; expected ${WHOLE}`],
    ['"timestamp":0,"input_length":1.5', `input_length is 1.5; expected ${WHOLE}`],
    ['"timestamp":0,"input_length":1', `output_length is missing; expected ${WHOLE}`],
    ['"timestamp":0,"input_length":1,"output_length":null', `output_length is null; expected ${WHOLE}`],
    ['"timestamp":0,"input_length":1,"output_length":1', 'hash_ids is missing; expected an array'],
    [
      '"timestamp":0,"input_length":1,"output_length":1,"hash_ids":{}',
      'hash_ids is an object; expected an array',
    ],
  ])('refuses {%s}', (fields, reason) => {
    expect(parse(fields)).toBe(reason);
  });

  it.each([
    ['[0,1,2,-1]', `hash_ids[3] is -1; expected ${WHOLE}`],
    ['[0.5]', `hash_ids[0] is 0.5; expected ${WHOLE}`],
    ['[-0]', `hash_ids[0] is -0; expected ${WHOLE}`],
    ['[9007199254740992]', `hash_ids[0] is 9007199254740992; expected ${WHOLE}`],
    ['[1,null]', `hash_ids[1] is null; expected ${WHOLE}`],
    ['[[]]', `hash_ids[0] is an array; expected ${WHOLE}`],
    ['["a\\u0007b"]', `hash_ids[0] is "a\\u0007b"; expected ${WHOLE}`],
  ])('refuses the ids %s', (ids, reason) => {
    expect(parse(`"timestamp":0,"input_length":1,"output_length":1,"hash_ids":${ids}`)).toBe(reason);
  });

  it('bounds the ids of a line', () => {
    const most = `"timestamp":0,"input_length":1,"output_length":1,"hash_ids":[0${',0'.repeat(MAX_HASH_IDS - 1)}`;
    expect(parse(`${most}]`)).toMatchObject({ timestamp: 0 });
    expect(parse(`${most},0]`)).toBe('hash_ids has 1000001 entries; expected at most 1000000');
  });

  it('says what is wrong with the JSON, without the control characters of the file', () => {
    const reason = parseRequest('{"timestamp":\u001b[31m\u009b}', 1);
    expect(reason).toMatch(/^not valid JSON: ./);
    expect(reason).not.toMatch(/\p{Cc}/u);
  });

  it('survives values that are nested as deep as a line is long', () => {
    const depth = 200_000;
    const nested = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(parse(`"timestamp":${nested}`)).toMatch(/^timestamp is an array;/);
    expect(parseRequest('['.repeat(depth), 1)).toMatch(/^not valid JSON: /);
  });
});
