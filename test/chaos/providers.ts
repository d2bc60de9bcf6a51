import { z } from 'zod';
import type { Outside } from './outside.ts';

const messages = z.object({
  messages: z.array(
    z.looseObject({
      id: z.string(),
      direction: z.string(),
      status: z.string(),
      callback: z.string().nullable(),
    }),
  ),
});
const payments = z.object({
  payments: z.array(z.looseObject({ id: z.string(), amount: z.string(), status: z.string() })),
});
const mails = z.array(
  z.looseObject({ messageId: z.string().optional(), headers: z.record(z.string(), z.unknown()).optional() }),
);

const read = async <T>(url: string, shape: z.ZodType<T>): Promise<T> =>
  shape.parse(await (await fetch(url, { signal: AbortSignal.timeout(30_000) })).json());

/** Every message that Twilio's stand-in was given, with the ledger's reference that its callback carries. */
export const messagesAt = async ({
  sms,
}: Pick<Outside, 'sms'>): Promise<{ id: string; reference: string; status: string }[]> =>
  (await read(`${sms.url}/stand-in/messages`, messages)).messages
    .filter(({ direction }) => direction === 'outbound-api')
    .map(({ id, status, callback }) => ({
      id,
      status,
      reference: new URL(callback ?? 'http://nowhere').searchParams.get('s') ?? '',
    }));

/** The Message-ID of every mail that the mail server took. */
export const mailsAt = async ({ mail }: Pick<Outside, 'mail'>): Promise<string[]> =>
  (await read(`${mail.webUrl}/api/email`, mails)).map(({ messageId, headers }) =>
    bracketed(messageId ?? String(headers?.['message-id'] ?? '')),
  );

const bracketed = (id: string): string => (id.startsWith('<') ? id : `<${id}>`);

export const paymentsAt = async ({
  bank,
}: Pick<Outside, 'bank'>): Promise<{ id: string; amount: string; status: string }[]> =>
  (await read(`${bank.url}/stand-in/payments`, payments)).payments;
