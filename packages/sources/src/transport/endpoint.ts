import { requireThat } from '@kvscope/core';

const TCP_PORT = /^(tcp:\/\/.+):(\d+)$/;
const KNOWN = /^(tcp|ipc|inproc):\/\/./;
const MAX_PORT = 65_535;

/**
 * The endpoint of a data-parallel rank, as vLLM and SGLang derive it: `port + rank` over tcp (port 0 stays 0), the
 * suffix `_dp<rank>` in process. Over ipc all ranks share one path.
 * @throws RangeError for an endpoint of another kind, or a port above 65,535
 */
export function rankEndpoint(endpoint: string, rank: number): string {
  requireThat(
    KNOWN.test(endpoint),
    'endpoint',
    endpoint,
    'tcp://host:port, ipc://path or inproc://name, such as tcp://127.0.0.1:5557',
  );
  if (endpoint.startsWith('inproc://')) return `${endpoint}_dp${rank}`;
  const match = TCP_PORT.exec(endpoint);
  if (match === null || match[1] === undefined) return endpoint;
  const port = Number(match[2]);
  if (port === 0) return endpoint;
  requireThat(port + rank <= MAX_PORT, `port of rank ${rank}`, port + rank, `at most ${MAX_PORT}`);
  return `${match[1]}:${port + rank}`;
}

/**
 * Whether a publisher that is given this endpoint binds it, so that we connect; otherwise it connects, and we bind.
 * (An engine binds `*`, `::`, ipc and inproc.)
 */
export function publisherBinds(endpoint: string): boolean {
  return endpoint.includes('*') || endpoint.includes('::') || /^(ipc|inproc):\/\//.test(endpoint);
}
