/**
 * One field of a thrown value. An `instanceof` check would not work: Node's own errors come from another
 * realm when our code runs in a sandbox, as in tests.
 */
export const fieldOf = (thrown: unknown, field: string): unknown =>
  typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, field) : undefined;
