import { isIP } from 'node:net';
import { hostname } from 'node:os';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1']);

/**
 * Whether a request names this server by an address of its own. A web site that lets its own name lead here would have
 * the browser read this server on its behalf: its name then stands in the request.
 * @param header the Host header
 * @param listening the host that the server listens at
 */
export function isOwnHost(header: string | undefined, listening: string): boolean {
  const name = nameIn(header);
  if (name === undefined) return false;
  if (LOOPBACK.has(name) || name === listening.toLowerCase()) return true;
  if (LOOPBACK.has(listening)) return false;
  // No site can have an address for its name.
  return isIP(name) !== 0 || name === hostname().toLowerCase();
}

/** The host without its port and without the brackets of IPv6. */
function nameIn(header: string | undefined): string | undefined {
  const [, bracketed, plain] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]/@\s]+))(?::\d+)?$/i.exec(header ?? '') ?? [];
  return (bracketed ?? plain)?.toLowerCase();
}
