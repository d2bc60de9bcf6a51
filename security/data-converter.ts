import { join } from 'node:path';
import type { DataConverter } from '@temporalio/common';
import type { Keyring } from './keyring.ts';
import { payloadCodec, type CodecOptions } from './payload-codec.ts';

/**
 * The SDK takes a failure converter only by its path. Workers and clients `require` it, so it is CommonJS.
 * When workflows are bundled ahead, `bundleWorkflowCode` needs this path too; otherwise the failures of
 * workflows are readable.
 */
export const failureConverterPath = join(import.meta.dirname, 'failure-converter.cjs');

/** For every client and worker of claims. All payloads and failures leave the process encrypted. */
export function dataConverter(keyring: Keyring, options: CodecOptions): DataConverter {
  return { payloadCodecs: [payloadCodec(keyring, options)], failureConverterPath };
}
