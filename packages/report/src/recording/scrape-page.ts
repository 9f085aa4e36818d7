import { addressOf, fetchFailure, limitedText } from '../fetched.js';
import type { ScrapedValue } from './scrape-recording.js';
import { parsePage } from './text-format.js';

const MOST_BYTES = 32 * 1024 * 1024;
const TIMEOUT_MS = 10_000;

/**
 * The values of our metrics on a page in Prometheus's text format; none when it has none yet.
 * @param url of the page, perhaps with credentials
 * @throws Error in a sentence: not reached, no such page, too much, or not in the format
 */
export async function scrapePage(url: string, signal?: AbortSignal): Promise<readonly ScrapedValue[]> {
  const { href, headers } = addressOf(url);
  const limits = [AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])];
  try {
    const response = await fetch(href, {
      headers: { ...headers, accept: 'text/plain;version=0.0.4' },
      signal: AbortSignal.any(limits),
    });
    if (!response.ok) throw new Error(`answers with HTTP ${response.status}`);
    return parsePage(await limitedText(response, MOST_BYTES));
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error(`${href} ${fetchFailure(error as Error, TIMEOUT_MS)}`);
  }
}
