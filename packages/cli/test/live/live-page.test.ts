import { once } from 'node:events';
import { type IncomingMessage, request as startRequest } from 'node:http';
import { connect } from 'node:net';
import type { ReportData } from '@kvscope/report/page';
import { afterEach, expect, it, vi } from 'vitest';
import { type LivePage, type LivePageOptions, serveLivePage } from '../../src/live/live-page.ts';

const opened: LivePage[] = [];
afterEach(async () => {
  for (const page of opened.splice(0)) await page.close();
});

function dataOf(subject: string): ReportData {
  const time = { from: 0, to: 1, kind: 'clock', note: '' } as const;
  return { title: 'kvscope report', subject, generatedAt: 1, time, findings: null, sections: [] };
}

/** A live page whose time is the test's: `tick` is what the passing of time does. */
async function setUp(options: Partial<LivePageOptions> = {}) {
  let asked = 0;
  let update: (() => void) | undefined;
  const readers: number[] = [];
  const page = await serveLivePage({
    port: 0,
    data: async () => dataOf(`answer ${++asked}`),
    onReaders: (count) => readers.push(count),
    again(next) {
      update = next;
      return () => {
        update = undefined;
      };
    },
    ...options,
  });
  opened.push(page);
  return {
    page,
    readers,
    asked: () => asked,
    ticks: () => update !== undefined,
    tick: () => update?.(),
  };
}

async function ask(url: string, method = 'GET', host?: string): Promise<{ status?: number; text: string }> {
  const request = startRequest(url, { method, ...(host !== undefined && { headers: { host } }) }).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks = await response.setEncoding('utf8').toArray();
  return { ...(response.statusCode !== undefined && { status: response.statusCode }), text: chunks.join('') };
}

/** Follows the page. */
async function follow(url: string) {
  const request = startRequest(new URL('events', url)).end();
  request.on('error', () => undefined);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  response.on('error', () => undefined);
  const subjects = () => [...text.matchAll(/"subject":"([^"]*)"/g)].map(([, subject]) => subject);
  return {
    status: response.statusCode,
    subjects,
    got: (count: number) => vi.waitFor(() => expect(subjects()).toHaveLength(count)),
    ended: async () => {
      if (!response.readableEnded) await once(response, 'end');
      return text;
    },
    leave: () => request.destroy(),
  };
}

it('asks for nothing and runs no timer while nobody looks', async () => {
  const { page, asked, ticks, readers } = await setUp();
  expect([asked(), ticks()]).toEqual([0, false]);
  const reader = await follow(page.url);
  await reader.got(1);
  expect(ticks()).toBe(true);
  reader.leave();
  await vi.waitFor(() => expect(readers).toEqual([1, 0]));
  expect([asked(), ticks()]).toEqual([1, false]);
});

it('sends every reader what it has at once, and each update', async () => {
  const { page, tick, asked } = await setUp();
  const [one, other] = [await follow(page.url), await follow(page.url)];
  await Promise.all([one.got(1), other.got(1)]);
  const before = asked();
  tick();
  await Promise.all([one.got(2), other.got(2)]);
  // One answer for all.
  expect(asked()).toBe(before + 1);
  expect(one.subjects().at(-1)).toBe(`answer ${before + 1}`);
});

it('drops a reader that takes nothing, and keeps the others', async () => {
  const large = dataOf('x'.repeat(16 * 1024 * 1024));
  let small = false;
  const { page, tick, readers } = await setUp({ data: async () => (small ? dataOf('small') : large) });
  const { port } = new URL(page.url);
  const slow = connect(Number(port), '127.0.0.1');
  slow.on('error', () => undefined);
  slow.write(`GET /events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  await vi.waitFor(() => expect(readers.at(-1)).toBe(1));
  slow.pause();
  small = true;
  const quick = await follow(page.url);
  await quick.got(1);
  for (let update = 2; update <= 5; update++) {
    tick();
    await quick.got(update);
  }
  expect(readers).toEqual([1, 2, 1]);
  slow.destroy();
});

it('refuses more readers than it has room for', async () => {
  const { page } = await setUp({ maxReaders: 1 });
  const first = await follow(page.url);
  await first.got(1);
  expect((await follow(page.url)).status).toBe(503);
  expect((await ask(page.url)).status).toBe(200);
});

it('sends the last figures, says that they are, and lets the readers go', async () => {
  const { page, ticks } = await setUp();
  const reader = await follow(page.url);
  await reader.got(1);
  await page.finish();
  expect(await reader.ended()).toMatch(/event: report\ndata: .*\n\nevent: ended\n/);
  expect(ticks()).toBe(false);
  // Whoever comes later sees the same.
  expect(await (await follow(page.url)).ended()).toMatch(/event: report\ndata: .*\n\nevent: ended\n/);
});

it('can only be read, at the places it has, by its own names', async () => {
  const { page, asked } = await setUp();
  const { port } = new URL(page.url);
  expect((await ask(page.url, 'POST')).status).toBe(405);
  expect((await ask(new URL('metrics', page.url).href)).status).toBe(404);
  expect((await ask(page.url, 'GET', `attacker.example:${port}`)).status).toBe(421);
  expect((await ask(new URL('events', page.url).href, 'GET', 'attacker.example')).status).toBe(421);
  expect(await ask(page.url, 'HEAD')).toEqual({ status: 200, text: '' });
  expect(asked()).toBe(0);
  expect((await ask(page.url, 'GET', `localhost:${port}`)).text).toContain('answer 1');
});

it('says so when the figures cannot be had, and goes on', async () => {
  let broken = true;
  const { page, tick } = await setUp({
    async data() {
      if (broken) throw new Error('a callback failed');
      return dataOf('whole');
    },
  });
  expect(await ask(page.url)).toMatchObject({
    status: 500,
    text: expect.stringContaining('a callback failed'),
  });
  const reader = await follow(page.url);
  broken = false;
  await vi.waitFor(() => {
    tick();
    expect(reader.subjects()).toContain('whole');
  });
});
