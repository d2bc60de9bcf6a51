import type { SmsDesk } from './delivery.ts';
import type { Message } from './messages.ts';
import { troubles } from './rules.ts';

export const accountPath = ({ accountSid }: Pick<SmsDesk, 'accountSid'>): string =>
  `/2010-04-01/Accounts/${accountSid}`;

/**
 * A message as Twilio shows it: numbers as text, dates by RFC 2822. In status `accepted` it has no segments
 * yet.
 */
export function present(desk: SmsDesk, message: Message) {
  const uri = `${accountPath(desk)}/Messages/${message.id}`;
  return {
    sid: message.id,
    account_sid: desk.accountSid,
    api_version: '2010-04-01',
    direction: message.direction,
    to: message.to,
    from: message.from,
    messaging_service_sid: message.service,
    body: message.body,
    num_segments: String(message.status === 'accepted' ? 0 : message.segments),
    num_media: '0',
    status: message.status,
    error_code: message.errorCode,
    error_message: message.errorCode === null ? null : (troubles[message.to]?.message ?? null),
    price: null,
    price_unit: null,
    date_created: rfc2822(message.createdAt),
    date_updated: rfc2822(message.updatedAt),
    date_sent: rfc2822(message.sentAt),
    uri: `${uri}.json`,
    subresource_uris: { media: `${uri}/Media.json` },
  };
}

const rfc2822 = (instant: string | null): string | null =>
  instant && new Date(instant).toUTCString().replace('GMT', '+0000');
