import { addressOf, fetchFailure, limitedText } from '../fetched.js';

const MOST_BYTES = 16 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

export interface ApiSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

export interface PrometheusApi {
  /** Where it is, without credentials. */
  readonly address: string;
  /**
   * The result of `query` or `query_range`.
   * @throws Error in a sentence: not reached, refused with Prometheus's own words, or too much
   */
  ask(
    page: 'query' | 'query_range',
    parameters: Readonly<Record<string, string>>,
  ): Promise<readonly ApiSample[]>;
}

/**
 * @param url of the server, perhaps with a path before `/api/v1` and with credentials
 * @throws RangeError for what is no http or https URL
 */
export function prometheusApi(url: string, signal?: AbortSignal): PrometheusApi {
  const { href, headers } = addressOf(url);
  const address = href.replace(/[?#].*$/, '').replace(/\/+$/, '');
  return {
    address,
    async ask(page, parameters) {
      const limits = [AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])];
      try {
        const response = await fetch(`${address}/api/v1/${page}`, {
          method: 'POST',
          headers,
          body: new URLSearchParams(parameters),
          signal: AbortSignal.any(limits),
        });
        return resultOf(response.status, await limitedText(response, MOST_BYTES));
      } catch (error) {
        signal?.throwIfAborted();
        throw new Error(`Prometheus at ${address} ${fetchFailure(error as Error, TIMEOUT_MS)}`);
      }
    },
  };
}

function resultOf(status: number, text: string): readonly ApiSample[] {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Error(`does not answer as a Prometheus does (HTTP ${status}): ${text.slice(0, 80)}`);
  }
  const { data, error } = (body ?? {}) as { data?: { result?: unknown }; error?: unknown };
  if (error !== undefined) throw new Error(`refuses: ${String(error)}`);
  if (!Array.isArray(data?.result)) {
    throw new Error(`does not answer as a Prometheus does (HTTP ${status}): ${text.slice(0, 80)}`);
  }
  return data.result as readonly ApiSample[];
}
