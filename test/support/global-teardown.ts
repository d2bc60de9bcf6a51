/** Stops what `global-setup.ts` started. */
export default async function tearDown(): Promise<void> {
  const stop: unknown = Reflect.get(globalThis, 'stopTestRuntime');
  if (typeof stop === 'function') await stop();
}
