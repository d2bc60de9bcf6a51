import { createHash } from 'node:crypto';
import { z } from 'zod';
import { purposeOf, type NotificationFacts } from '../../domain/messages/notifications.ts';
import { present } from '../../domain/present.ts';
import type { Intended } from '../../records/messages/ledger.ts';
import type { Address, Files, PlannedRow } from '../../records/parties/recipients.ts';
import type { Keyring } from '../../security/keyring.ts';
import { newPartyKey, seal, unseal } from '../../security/sealing.ts';
import type { Desk, Sending } from './contract.ts';
import { earliest } from './readers-clock.ts';

/** What is pinned in the ledger: to whom and in which words. */
const saidBefore = z.object({
  to: z.object({ name: z.string(), phone: z.string().optional(), email: z.string().optional() }),
  subject: z.string().optional(),
  text: z.string(),
  html: z.string().optional(),
});
export type Said = z.infer<typeof saidBefore>;

export interface Prepared {
  intended: Intended;
  /** Rendered just now; undefined where it was before. */
  said?: Said;
}

/**
 * The ledger's row to be, rendered once and pinned, so that a retry says the same words; its reference, and
 * where it goes now, if it is there.
 */
export function prepare(
  { keyring, renderer }: Desk,
  files: Files,
  { about, notification, now }: Sending,
): Prepared | undefined {
  const { kind, seq, channel, insteadOf } = notification;
  const reference = `${about.number}/${notification.id}`;
  const to = files.addressOf(notification);
  const not_before = to && earliest(notification, to.timeZone, about.contactHours, now);
  const before = files.planned(reference);
  if (before && (to || before.sealed === null || !('party' in notification.to)))
    return {
      intended: { reference, ...present({ not_before }), ...(to ? readdressed(keyring, before, to) : {}) },
    };
  if (!to) return undefined;
  const facts: NotificationFacts = {
    ...(insteadOf ? files.planned(`${about.number}/${insteadOf}`)?.facts : {}),
    ...notification.facts,
  };
  const rendered = renderer.render({
    kind,
    channel,
    locale: to.locale,
    timeZone: to.timeZone,
    facts,
    claim: about,
    recipient: { name: to.name },
    at: now,
    ...present({ handler: 'party' in notification.to && files.handler ? files.handler : undefined }),
  });
  const key = newPartyKey(keyring);
  const said: Said = {
    to,
    text: rendered.text,
    ...present({ subject: rendered.subject, html: rendered.html }),
  };
  return {
    said,
    intended: {
      claim: about.number,
      kind,
      seq,
      channel,
      reference,
      recipient: to.recipient,
      template: rendered.template,
      locale: to.locale,
      sealed: `${key}\n${seal(key, keyring, said, reference)}`,
      body_sha256: createHash('sha256').update(rendered.text).digest('hex'),
      purpose: purposeOf[kind],
      facts,
      contact: to.contact,
      ...present({ not_before }),
    },
  };
}

/** The same words to another contact, if theirs has changed while the message waited. */
function readdressed(
  keyring: Keyring,
  { reference, contact, sealed }: PlannedRow,
  to: Address,
): { resealed: string; contact: string } | undefined {
  if (sealed === null || contact === null || to.contact === null || contact === to.contact) return undefined;
  const key = newPartyKey(keyring);
  const said: Said = { ...unsealed(keyring, reference, sealed), to };
  return { resealed: `${key}\n${seal(key, keyring, said, reference)}`, contact: to.contact };
}

export function unsealed(keyring: Keyring, reference: string, both: string): Said {
  const [key = '', sealed = ''] = both.split('\n');
  return saidBefore.parse(unseal(key, keyring, sealed, reference));
}
