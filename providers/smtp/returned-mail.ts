import { Parser } from 'htmlparser2';
import PostalMime, { type Email } from 'postal-mime';
import { present } from '../../domain/present.ts';
import { readDeliveryStatuses, whyOfStatus, type DeliveryStatus } from './delivery-status.ts';
import { automaticSubjects, copyBegins, delaySigns, endSigns, failureSigns } from './failure-signs.ts';

/**
 * Mail at a return address. `about`: it says of some recipients that a mail has come back, or has arrived.
 * `automatic`: a delay, an out-of-office reply, a receipt: nobody needs it. `unclear`: everything else, for
 * people; `words` are its subject and text.
 */
export type ReturnedMail =
  | { kind: 'about'; statuses: DeliveryStatus[]; words: string }
  | { kind: 'automatic' }
  | { kind: 'unclear'; words: string };

/**
 * Reads a mail that came to a return address: by its delivery-status part (RFC 3464) where it has one, else
 * by what mail servers write (`failure-signs.ts`).
 */
export async function readReturnedMail(mail: Buffer): Promise<ReturnedMail> {
  const email = await PostalMime.parse(mail, {
    attachmentEncoding: 'utf8',
    forceRfc822Attachments: true,
  }).catch(() => undefined);
  if (!email) return { kind: 'unclear', words: '' };
  const own = ownTextOf(email);
  const words = [email.subject ?? '', own].filter(Boolean).join('\n').slice(0, mostCharacters);
  const part = email.attachments.find(({ mimeType }) => statusTypes.includes(mimeType));
  const report = part ? String(part.content) : '';
  const statuses = readDeliveryStatuses(report);
  if (statuses.length > 0)
    return {
      kind: 'about',
      words,
      statuses: statuses.map((each) =>
        each.recipients.length > 0 ? each : { ...each, recipients: addressesIn(own) },
      ),
    };
  if (/^Action:/im.test(report)) return { kind: 'automatic' };
  return fromWords(email, own, words);
}

/** What is temporary (4.x.x) says nothing about the address, whatever the words. */
const whyOfSign = (why: 'contact' | 'content' | 'none', code?: string): DeliveryStatus['why'] =>
  why === 'none' || code?.startsWith('4') ? undefined : why;

const statusTypes = ['message/delivery-status', 'message/global-delivery-status'];

/** For people: enough of a mail to know what it is about. */
const mostCharacters = 4_000;

function fromWords(email: Email, own: string, words: string): ReturnedMail {
  const subject = (email.subject ?? '').trim().toLowerCase();
  if (automaticSubjects.test(subject) || isReceipt(email)) return { kind: 'automatic' };
  const text = `${subject}\n${own.toLowerCase()}`;
  if (delaySigns.test(text) && !endSigns.test(text)) return { kind: 'automatic' };
  const sign = failureSigns.find(({ pattern }) => pattern.test(text));
  if (!sign) return isAutomatic(email) ? { kind: 'automatic' } : { kind: 'unclear', words };
  const code = statusCode.exec(text)?.[0];
  const why = (code === undefined ? undefined : whyOfStatus(code)) ?? whyOfSign(sign.why, code);
  const recipients = [headerOf(email, 'x-failed-recipients'), own].flatMap(addressesIn);
  return {
    kind: 'about',
    words,
    statuses: [{ outcome: 'bounced', recipients, code: code ?? 'failed', ...present({ why }) }],
  };
}

/** An enhanced status code (RFC 3463), and no part of an address or a version. */
const statusCode = /(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)/;

/** What the server itself says, above the mail that it gives back. */
function ownTextOf({ text, html }: Email): string {
  const whole = (text?.trim() ? text : textOf(html ?? '')).slice(0, readCharacters);
  const copy = copyBegins.exec(whole.toLowerCase());
  return (copy ? whole.slice(0, copy.index) : whole).trim();
}

/** Servers begin with what they have to say. */
const readCharacters = 50_000;

/** The visible text of HTML. */
function textOf(html: string): string {
  const parts: string[] = [];
  let hidden = 0;
  const parser = new Parser({
    onopentagname: (name) => void (isHidden(name) ? (hidden += 1) : parts.push(inline.has(name) ? '' : '\n')),
    ontext: (text) => void (hidden === 0 && parts.push(text)),
    onclosetag: (name) => void (isHidden(name) && (hidden -= 1)),
  });
  parser.end(html);
  return parts.join('').replace(/[^\S\n]+/g, ' ');
}

const isHidden = (tag: string): boolean => tag === 'style' || tag === 'script' || tag === 'title';

/** Tags that break no line. */
const inline = new Set(['a', 'b', 'em', 'font', 'i', 'span', 'strong', 'u']);

/** Chinese text stands right before an address, so each address is read without and with such letters. */
const addressesIn = (text: string): string[] =>
  text
    .split(/[\s<>()[\]{},;:"“”，。；：！（）《》【】]+/u)
    .filter((word) => word.includes('@') && word.length <= longestAddress)
    .flatMap((word) => [word, /[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9.-]+/i.exec(word)?.[0] ?? word])
    .map((word) => word.replace(/^['`]+|['`.!?]+$/g, ''));

/** RFC 5321 allows 64 and 255 characters. */
const longestAddress = 320;

const headerOf = ({ headers }: Email, name: string): string =>
  headers.find(({ key }) => key === name)?.value.toLowerCase() ?? '';

/** RFC 3834, and what older programs write. */
const isAutomatic = (email: Email): boolean =>
  headerOf(email, 'auto-submitted').startsWith('auto-') ||
  ['x-autoreply', 'x-autorespond', 'x-autoresponder'].some((name) => headerOf(email, name) !== '') ||
  headerOf(email, 'precedence') === 'auto_reply';

const isReceipt = ({ attachments }: Email): boolean =>
  attachments.some(({ mimeType }) => mimeType === 'message/disposition-notification');
