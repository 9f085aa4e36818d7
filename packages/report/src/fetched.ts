/** Where something is fetched from, without credentials, and the header that has them. */
export interface Address {
  readonly href: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * @param url perhaps with credentials, which no message may show
 * @throws RangeError for what is no http or https URL
 */
export function addressOf(url: string): Address {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') {
    throw new RangeError(`'${url}' is no http or https URL, such as http://127.0.0.1:9090`);
  }
  const { username, password } = parsed;
  parsed.username = '';
  parsed.password = '';
  const { href } = parsed;
  if (username === '' && password === '') return { href, headers: {} };
  const credentials = [username, password].map(decodeURIComponent).join(':');
  return { href, headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } };
}

/**
 * The body of a response as text.
 * @throws Error, the end of a sentence about the page, when there is more of it than `most` bytes, of which no more is read
 */
export async function limitedText(response: Response, most: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > most) throw new Error(`answers with more than ${most / 1024 / 1024} MiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Why a page could not be had, as the end of a sentence about it. */
export function fetchFailure(error: Error, timeoutMs: number): string {
  if (error.name === 'TimeoutError') return `has not answered within ${timeoutMs / 1000} s`;
  if (error.message !== 'fetch failed') return error.message;
  const cause = error.cause as { code?: string; message?: string } | undefined;
  return `cannot be reached: ${cause?.code ?? cause?.message ?? 'no answer'}`;
}
