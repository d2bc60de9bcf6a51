import { join } from 'node:path';
import type { DataConverter } from '@temporalio/common';
import type { Keyring } from './keyring.ts';
import { payloadCodec } from './payload-codec.ts';

/**
 * The SDK takes a failure converter by path only: workers and clients `require` it and the bundler puts it
 * beside the workflows,
 * hence CommonJS. Whoever bundles workflows ahead must give it to `bundleWorkflowCode`, or failures of
 * workflows are readable.
 */
export const failureConverterPath = join(import.meta.dirname, 'failure-converter.cjs');

/** What every client and worker of claims uses: nothing leaves a process readable, failures included. */
export function dataConverter(keyring: Keyring): DataConverter {
  return { payloadCodecs: [payloadCodec(keyring)], failureConverterPath };
}
