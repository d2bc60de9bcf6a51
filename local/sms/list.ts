import type { z } from 'zod';

import { list } from './contract.ts';
import type { SmsDesk } from './delivery.ts';
import type { Message } from './messages.ts';
import { accountPath, present } from './presentation.ts';
import type { Objection } from './rules.ts';

/**
 * A page of the account's messages, the newest first. The token from the page before or after it identifies
 * the page; Twilio rejects a number alone.
 */
export function listPage(desk: SmsDesk, given: Record<string, string>) {
  const query = list.query.safeParse(given);
  if (!query.success)
    return { objection: invalid(`Invalid value for ${query.error.issues[0]?.path.join('')}.`) };
  const { Page: page = 0, PageSize: size = 50, PageToken: token } = query.data;
  if (page > 0 && token === undefined) return { objection: invalid('PageToken is required for paging.') };

  const matching = desk.messages
    .all()
    .toReversed()
    .filter((message) => isAskedFor(message, query.data));
  const first = token === undefined ? 0 : placeOf(token, matching, size);
  if (first === undefined) return { objection: invalid('Invalid PageToken.') };
  return { page: presentPage(desk, given, { page, size, first, matching }) };
}

const invalid = (message: string): Objection => ({ status: 400, code: 20001, message });

/** `PA` with an id means the page after that message, `PB` the one before it. */
function placeOf(token: string, messages: Message[], size: number): number | undefined {
  const found = messages.findIndex(({ id }) => id === token.slice(2));
  if (found === -1) return undefined;
  return token.startsWith('PA') ? found + 1 : Math.max(0, found - size);
}

function presentPage(
  desk: SmsDesk,
  given: Record<string, string>,
  { page, size, first, matching }: { page: number; size: number; first: number; matching: Message[] },
) {
  const messages = matching.slice(first, first + size);
  const [earliest, latest] = [messages[0], messages.at(-1)];
  const filters = Object.fromEntries(Object.entries(given).filter(([name]) => !name.startsWith('Page')));
  const uri = (at: number, token?: string): string => {
    const query = new URLSearchParams({ ...filters, PageSize: String(size), Page: String(at) });
    if (token) query.set('PageToken', token);
    return `${accountPath(desk)}/Messages.json?${query}`;
  };
  const start = page * size;
  return {
    messages: messages.map((message) => present(desk, message)),
    page,
    page_size: size,
    start,
    end: start + Math.max(0, messages.length - 1),
    uri: uri(page, given['PageToken']),
    first_page_uri: uri(0),
    next_page_uri: latest && first + size < matching.length ? uri(page + 1, `PA${latest.id}`) : null,
    previous_page_uri: earliest && page > 0 ? uri(page - 1, `PB${earliest.id}`) : null,
  };
}

/** A message that is not sent yet has no `DateSent`, so none of those three filters finds it. */
function isAskedFor(
  { to, from, sentAt }: Message,
  { To, From, DateSent: on, 'DateSent>': since, 'DateSent<': until }: z.infer<typeof list.query>,
): boolean {
  const sentMs = sentAt === null ? NaN : wholeSeconds(Date.parse(sentAt));
  return (
    (To === undefined || To === to) &&
    (From === undefined || From === from) &&
    (on === undefined || (sentMs >= dayOf(on) && sentMs < dayOf(on) + dayMs)) &&
    (since === undefined || sentMs >= Date.parse(since)) &&
    (until === undefined || sentMs <= lastOf(until))
  );
}

const dayMs = 86_400_000;
const wholeSeconds = (ms: number): number => Math.floor(ms / 1000) * 1000;

/** The start of the day in GMT: *on* ignores the time of day. */
const dayOf = (date: string): number => Math.floor(Date.parse(date) / dayMs) * dayMs;

/** *Until* a day means its end; *until* an instant means that instant. */
const lastOf = (date: string): number =>
  /^\d{4}-\d{2}-\d{2}$/.test(date) ? dayOf(date) + dayMs - 1 : Date.parse(date);
