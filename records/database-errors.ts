import { types } from 'node:util';

/**
 * Prisma's codes for a database that cannot be reached, refuses us, is starting or stopping, or has no
 * connection left.
 */
const codes: readonly string[] = [
  'P1000',
  'P1001',
  'P1002',
  'P1003',
  'P1008',
  'P1010',
  'P1011',
  'P1017',
  'P2024',
  'P2028',
  'P2037',
];

/**
 * PostgreSQL's own (SQLSTATE): connection exceptions, no entry, no such database, too many connections,
 * shutting down, not yet up.
 */
const sqlStates = /^(?:08\w{3}|28\w{3}|3D000|53\w{3}|57P0\d)$/;

/**
 * The same as PostgreSQL and the network say it: connection exceptions, too many connections, shutting down,
 * not yet up.
 */
const words =
  /Can't reach database server|Authentication failed against|Code: `(?:08\w{3}|53\w{3}|57P0\d)`|Connection terminated|timeout exceeded when trying to connect|Query read timeout|ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT/;

/**
 * Did this throw because the records cannot be reached? Then it is no fault of ours, and may work in a
 * minute.
 */
export function isDatabaseUnreachable(fault: unknown): boolean {
  if (!types.isNativeError(fault)) return false;
  const code = 'code' in fault && typeof fault.code === 'string' ? fault.code : '';
  return codes.includes(code) || sqlStates.test(code) || words.test(code) || words.test(fault.message);
}
