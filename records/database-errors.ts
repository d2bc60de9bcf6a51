import { types } from 'node:util';

/**
 * Prisma's codes for a database that is unreachable, denies access, is starting or stopping, or has no free
 * connection.
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
 * PostgreSQL's codes (SQLSTATE): connection exceptions, access denied, no such database, too many
 * connections, stopping, starting.
 */
const sqlStates = /^(?:08\w{3}|28\w{3}|3D000|53\w{3}|57P0\d)$/;

/**
 * The same in messages of PostgreSQL and the network: connection exceptions, too many connections, stopping,
 * starting.
 */
const words = new RegExp(
  [
    "Can't reach database server",
    'Authentication failed against',
    'Code: `(?:08\\w{3}|53\\w{3}|57P0\\d)`',
    'Connection terminated',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'ENOTFOUND',
    'ETIMEDOUT',
  ].join('|'),
);

/**
 * Whether this fault means that the records are unreachable. Then it is no fault of ours, and a retry may
 * work.
 */
export function isDatabaseUnreachable(fault: unknown): boolean {
  if (!types.isNativeError(fault)) return false;
  const code = 'code' in fault && typeof fault.code === 'string' ? fault.code : '';
  return codes.includes(code) || sqlStates.test(code) || words.test(code) || words.test(fault.message);
}
