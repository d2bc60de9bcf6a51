/**
 * A union grew and a switch did not: the type checker says so here, and a running claim stops rather than
 * guesses.
 */
export function assertNever(value: never): never {
  throw new Error(`Nothing handles ${JSON.stringify(value)}`);
}
