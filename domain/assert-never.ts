/**
 * Reports a union that grew without its switch, at the type check. A running claim throws rather than
 * guesses.
 */
export function assertNever(value: never): never {
  throw new Error(`Nothing handles ${JSON.stringify(value)}`);
}
