/**
 * The part of the standard that `migrate.ts` uses. TypeScript declares it only together with all of a
 * browser's types.
 */
declare namespace WebAssembly {
  type Exports = Record<string, unknown>;
  function instantiate(
    program: Uint8Array,
    imports: Record<string, object>,
  ): Promise<{ instance: { exports: Exports } }>;
}
