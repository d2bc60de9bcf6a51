import type { Payload } from '@temporalio/common';
import { z } from 'zod';

const bytes = z.base64().transform((text): Uint8Array => Buffer.from(text, 'base64'));

/** A list of payloads in protobuf's JSON, as Temporal's UI and CLI send it. */
export const payloadList = z.object({
  payloads: z.array(
    z.object({ metadata: z.record(z.string(), bytes).default({}), data: bytes.default(new Uint8Array()) }),
  ),
});

export function inJson(payloads: readonly Payload[]) {
  return {
    payloads: payloads.map(({ metadata, data }) => ({
      metadata: Object.fromEntries(
        Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)]),
      ),
      data: base64(data ?? new Uint8Array()),
    })),
  };
}

function base64(value: Uint8Array): string {
  return Buffer.from(value).toString('base64');
}
