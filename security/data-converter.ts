import { join } from 'node:path';
import type { DataConverter } from '@temporalio/common';
import type { Keyring } from './keyring.ts';
import { payloadCodec } from './payload-codec.ts';

/** Bundled with the workflows, too. */
export const failureConverterPath = join(import.meta.dirname, 'failure-converter.cjs');

/** What every client and worker of claims uses: nothing leaves a process readable, failures included. */
export const dataConverter = (keyring: Keyring): DataConverter => ({
  payloadCodecs: [payloadCodec(keyring)],
  failureConverterPath,
});
