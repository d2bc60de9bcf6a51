import { fieldOf } from './fault-field.ts';

/**
 * True if the error shows that there never was a connection, so that no part of the request can have arrived:
 * a rejected connection, an unreachable network, an unknown host. Clients wrap the socket's error, and Node
 * collects one error per address.
 */
export function neverConnected(error: unknown): boolean {
  const each = fieldOf(error, 'errors');
  if (Array.isArray(each) && each.length > 0) return each.every(neverConnected);
  if (isConnectStep(error)) return true;
  const cause = fieldOf(error, 'cause');
  return cause !== undefined && neverConnected(cause);
}

/** undici has its own code for a connection that took too long. Other clients keep the socket's error. */
const isConnectStep = (error: unknown): boolean =>
  ['connect', 'getaddrinfo'].includes(String(fieldOf(error, 'syscall'))) ||
  fieldOf(error, 'code') === 'UND_ERR_CONNECT_TIMEOUT';
