import { fieldOf } from './fault-field.ts';

/**
 * True if a network error says that no connection ever stood, so that nothing of the request can have
 * arrived: a refused
 * connection, an unreachable network, an unknown host. Clients wrap the socket's error, and Node gathers one
 * error per address.
 */
export function neverConnected(error: unknown): boolean {
  const each = fieldOf(error, 'errors');
  if (Array.isArray(each) && each.length > 0) return each.every(neverConnected);
  if (isConnectStep(error)) return true;
  const cause = fieldOf(error, 'cause');
  return cause !== undefined && neverConnected(cause);
}

/**
 * undici has a code of its own for a connection that took too long; other clients leave the socket's error as
 * it is.
 */
const isConnectStep = (error: unknown): boolean =>
  ['connect', 'getaddrinfo'].includes(String(fieldOf(error, 'syscall'))) ||
  fieldOf(error, 'code') === 'UND_ERR_CONNECT_TIMEOUT';
