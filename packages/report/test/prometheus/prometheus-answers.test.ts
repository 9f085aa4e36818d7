import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { rate } from '../../../dashboards/src/query/query.ts';
import { prometheusAnswers } from '../../src/prometheus/prometheus-answers.ts';

interface Asked {
  readonly page: string;
  readonly parameters: URLSearchParams;
  readonly authorization: string | undefined;
}

/** A server that answers with what it is given. */
async function served(answer: (asked: Asked) => { status?: number; body: string | object }) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (text) => {
      body += text;
    });
    request.on('end', () => {
      const { authorization } = request.headers;
      const one = { page: request.url ?? '', parameters: new URLSearchParams(body), authorization };
      asked.push(one);
      const { status = 200, body: answered } = answer(one);
      response.writeHead(status).end(typeof answered === 'string' ? answered : JSON.stringify(answered));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const vector = (...result: object[]) => ({ status: 'success', data: { resultType: 'vector', result } });
const named = (...names: string[]) =>
  vector(...names.map((__name__) => ({ metric: { __name__ }, value: [100, '1'] })));
const WINDOW = { time: 1000, windowSeconds: 600 };

/** Names where it is asked for them, 60 scrapes, and then what is given. */
const having =
  (names: string[], then: object) =>
  ({ parameters }: Asked) => {
    const query = parameters.get('query') ?? '';
    if (query.startsWith('count by (__name__)')) return { body: named(...names) };
    if (query.startsWith('max(count_over_time')) return { body: vector({ metric: {}, value: [100, '60'] }) };
    return { body: then };
  };

describe('answers of a Prometheus', () => {
  it('are those of its API, without values that are none', async () => {
    const result = vector(
      { metric: { job: 'a' }, value: [1000, '2.5'] },
      { metric: { job: 'b' }, value: [1000, 'NaN'] },
    );
    const { host, asked } = await served(having(['kv_cache_task_duration_count'], result));
    const answers = await prometheusAnswers(`http://${host}/`, WINDOW);
    expect([answers.source, answers.scheme]).toEqual([`Prometheus at http://${host}`, 'prometheus']);
    expect(await answers.at(rate('kv_cache.stores'), WINDOW)).toEqual([{ labels: { job: 'a' }, value: 2.5 }]);
    const { page, parameters } = asked.at(-1) as Asked;
    expect([page, Object.fromEntries(parameters)]).toEqual([
      '/api/v1/query',
      { query: 'sum by (job) (rate(kv_cache_stores_total[600s]))', time: '1000' },
    ]);
  });

  it('over time, with rates over four scrapes at least', async () => {
    const result = vector({
      metric: { job: 'a' },
      values: [
        [990, '1'],
        [1000, '+Inf'],
      ],
    });
    const { host, asked } = await served(having(['kv_cache_task_duration_count'], result));
    const answers = await prometheusAnswers(`http://${host}`, WINDOW);
    const span = { from: 990, to: 1000, steps: 11 };
    expect(await answers.over(rate('kv_cache.stores'), span)).toEqual([
      { labels: { job: 'a' }, points: [[990, 1]] },
    ]);
    expect(Object.fromEntries((asked.at(-1) as Asked).parameters)).toEqual({
      query: 'sum by (job) (rate(kv_cache_stores_total[40s]))',
      start: '990',
      end: '1000',
      step: '1',
    });
  });

  it('are asked for in the scheme that more of its names have, unless one is given', async () => {
    const { host } = await served(
      having(
        ['kv_cache_task_duration_seconds_count', 'kv_cache_io_bytes_total', 'kv_cache_io_total'],
        vector(),
      ),
    );
    expect((await prometheusAnswers(`http://${host}`, WINDOW)).scheme).toBe('otlp');
    expect((await prometheusAnswers(`http://${host}`, { ...WINDOW, scheme: 'prometheus' })).scheme).toBe(
      'prometheus',
    );
  });

  it('may be of one service alone, whatever its name', async () => {
    const { host, asked } = await served(having(['kv_cache_task_duration_count'], vector()));
    const answers = await prometheusAnswers(`http://${host}`, { ...WINDOW, job: 'a"b' });
    expect(asked[0]?.parameters.get('query')).toMatch(/, job="a\\"b"\}\[600s\]\)\)$/);
    expect(answers.promql(rate('kv_cache.stores'), 60)).toBe(
      'sum by (job) (rate(kv_cache_stores_total{job="a\\"b"}[60s]))',
    );
  });

  it('credentials of the URL go into a header and into no message', async () => {
    const { host, asked } = await served(() => ({ body: vector() }));
    const failure = await prometheusAnswers(`http://user:p%40ss@${host}/path/`, WINDOW).catch(String);
    expect(failure).toBe(
      `Error: Prometheus at http://${host}/path has no metric of kvscope in the 600 s before 1970-01-01T00:16:40.000Z`,
    );
    expect(asked[0]).toMatchObject({
      page: '/path/api/v1/query',
      authorization: `Basic ${Buffer.from('user:p@ss').toString('base64')}`,
    });
  });
});

describe('a failure is told in a sentence', () => {
  it.each([
    [
      'its own refusal',
      { status: 400, body: { status: 'error', error: 'too many samples' } },
      /refuses: too many samples/,
    ],
    ['a web page', { body: '<html>' }, /does not answer as a Prometheus does \(HTTP 200\): <html>/],
    ['JSON of another kind', { body: '[]' }, /does not answer as a Prometheus does/],
    ['null', { body: 'null' }, /does not answer as a Prometheus does/],
    ['too much', { body: ' '.repeat(17 * 1024 * 1024) }, /answers with more than 16 MiB/],
  ])('%s', async (_, answer, message) => {
    const { host } = await served(() => answer);
    await expect(prometheusAnswers(`http://${host}`, WINDOW)).rejects.toThrow(message);
  });

  it('nobody there', async () => {
    const { host } = await served(() => ({ body: '' }));
    const unreachable = 'http://127.0.0.1:1';
    await expect(prometheusAnswers(unreachable, WINDOW)).rejects.toThrow(
      /^Prometheus at http:\/\/127.0.0.1:1 cannot be reached: /,
    );
    await expect(prometheusAnswers(`ftp://${host}`, WINDOW)).rejects.toThrow(/is no http or https URL/);
  });

  it('and Ctrl-C ends it', async () => {
    const { host } = await served(() => ({ body: '' }));
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(prometheusAnswers(`http://${host}`, { ...WINDOW, signal })).rejects.toThrow('stopped');
  });
});
