/**
 * The part of the standard that `migrate.ts` uses; TypeScript knows it only together with a browser's whole
 * world.
 */
declare namespace WebAssembly {
  type Exports = Record<string, unknown>;
  function instantiate(
    program: Uint8Array,
    imports: Record<string, object>,
  ): Promise<{ instance: { exports: Exports } }>;
}
