import { createHash } from 'node:crypto';
import { z } from 'zod';
import { purposeOf, type NotificationFacts } from '../../domain/messages/notifications.ts';
import { present } from '../../domain/present.ts';
import type { Intended } from '../../records/messages/ledger.ts';
import type { Address, Files, PlannedRow } from '../../records/parties/recipients.ts';
import type { Keyring } from '../../security/keyring.ts';
import { seal, unseal } from '../../security/sealing.ts';
import type { Sender, Sending } from './contract.ts';
import { earliest } from './readers-clock.ts';

/** The recipient and the text that the ledger keeps. */
const renderedMessage = z.object({
  to: z.object({ name: z.string(), phone: z.string().optional(), email: z.string().optional() }),
  subject: z.string().optional(),
  text: z.string(),
  html: z.string().optional(),
});
export type RenderedMessage = z.infer<typeof renderedMessage>;

export interface Prepared {
  intended: Intended;
  /** The recipient's, under which the text is sealed; undefined where the recipient was erased. */
  key: string | undefined;
  /** Rendered just now; undefined where it was rendered before. */
  wording?: RenderedMessage;
}

/**
 * The future row of the ledger, rendered once, so that a retry sends the same text. If the row exists: its
 * reference and its present address.
 */
export function prepare(
  { keyring, renderer }: Pick<Sender, 'keyring' | 'renderer'>,
  files: Files,
  { about, notification, now }: Sending,
): Prepared | undefined {
  const { kind, seq, channel, insteadOf } = notification;
  const reference = `${about.number}/${notification.id}`;
  const to = files.addressOf(notification);
  const not_before = to && earliest(notification, to.timeZone, about.contactHours, now);
  const before = files.planned(reference);
  const key = files.keyOf(notification);
  if (before && (to || before.sealed === null)) {
    const anew = to && key !== undefined ? readdressed(keyring, key, before, to) : {};
    return { key, intended: { reference, ...present({ not_before }), ...anew } };
  }
  if (!to || key === undefined) return undefined;
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
    ...present({ handler: files.handler, termWords: files.termWords(facts) }),
  });
  const wording: RenderedMessage = {
    to,
    text: rendered.text,
    ...present({ subject: rendered.subject, html: rendered.html }),
  };
  return {
    key,
    wording,
    intended: {
      claim: about.number,
      kind,
      seq,
      channel,
      reference,
      recipient: to.recipient,
      template: rendered.template,
      locale: to.locale,
      sealed: seal(key, keyring, wording, reference),
      body_sha256: createHash('sha256').update(rendered.text).digest('hex'),
      purpose: purposeOf[kind],
      facts,
      contact: to.contact,
      ...present({ not_before }),
    },
  };
}

/** The same text to the new contact, if the party's contact has changed while the message waited. */
function readdressed(
  keyring: Keyring,
  key: string,
  { reference, contact, sealed }: PlannedRow,
  to: Address,
): { resealed: string; contact: string } | undefined {
  if (sealed === null || contact === null || to.contact === null || contact === to.contact) return undefined;
  const wording: RenderedMessage = { ...unsealed(keyring, key, reference, sealed), to };
  return { resealed: seal(key, keyring, wording, reference), contact: to.contact };
}

/** The text in a row of the ledger. Throws when the recipient was erased. */
export const unsealed = (keyring: Keyring, key: string, reference: string, sealed: string): RenderedMessage =>
  renderedMessage.parse(unseal(key, keyring, sealed, reference));
