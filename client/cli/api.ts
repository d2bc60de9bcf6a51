import { z } from 'zod';
import * as answers from './answers.ts';
import { ask, askAll, askBytes, askUpTo, type Connection } from './http.ts';
import { journalEntry } from './journal-entry.ts';

/**
 * What people do to a claim by name alone; documents, notes, contacts and payees have addresses of their own.
 */
export type ActName =
  | 'accept-document'
  | 'reject-document'
  | 'waive-document'
  | 'report-survey'
  | 'assess'
  | 'verify'
  | 'approve'
  | 'return-for-rework'
  | 'refuse'
  | 'record-call'
  | 'hand-over'
  | 'withdraw'
  | 'keep-open'
  | 'correct-notice'
  | 'settle-notification'
  | 'resend-notification'
  | 'post-letter'
  | 'retry';

export interface ListQuery {
  all?: boolean;
  waitingOn?: string;
  overdue?: boolean;
  silent?: boolean;
  handler?: string;
  stage?: string;
  sort?: string;
}

/** A long list takes fewer requests. */
const longestPage = 1000;

/** A document as it comes in: PDF, JPEG or PNG. */
export interface Brought {
  document: string;
  item?: string;
  name: string;
  content: Blob;
}

export type Api = ReturnType<typeof apiAt>;

/**
 * Lipei's API as functions. Each throws a Stop when it is refused or cannot be reached. The connection is
 * looked for when the
 * first one is called, so that a mistake in a command's arguments is found without a stack.
 */
export function apiAt(connection: () => Connection) {
  const post = (path: string, body: object, key?: string) =>
    ask(connection(), {
      method: 'POST',
      path,
      body,
      ...(key !== undefined && { key }),
      answer: answers.recorded,
    });
  const put = (path: string, body: object) =>
    ask(connection(), { method: 'PUT', path, body, answer: answers.recorded });
  return {
    health: () => ask(connection(), { path: '/health', answer: answers.health }),
    file: (notice: object) =>
      ask(connection(), { method: 'POST', path: '/claims', body: notice, answer: answers.filed }),
    list: (query: ListQuery, limit: number) =>
      askUpTo(limit, connection(), {
        path: `/claims?${searchOf({ ...query, limit: Math.min(limit, longestPage) })}`,
        answer: z.array(answers.listed),
      }),
    claim: (no: string) => ask(connection(), { path: at(no), answer: answers.shown }),
    journal: (no: string) => ask(connection(), { path: `${at(no)}/journal`, answer: z.array(journalEntry) }),
    said: (no: string, id: string) =>
      ask(connection(), { path: `${at(no)}/notifications/${encodeURIComponent(id)}`, answer: answers.said }),
    letter: (no: string, id: string) =>
      askBytes(connection(), `${at(no)}/notifications/${encodeURIComponent(id)}/letter.pdf`),
    notice: (no: string) => ask(connection(), { path: `${at(no)}/notice`, answer: answers.notice }),
    notes: (no: string) => ask(connection(), { path: `${at(no)}/notes`, answer: z.array(answers.note) }),
    contactOf: (no: string, party: string) =>
      ask(connection(), {
        path: `${at(no)}/parties/${encodeURIComponent(party)}/contact`,
        answer: answers.contact,
      }),
    attachments: (no: string) =>
      ask(connection(), { path: `${at(no)}/attachments`, answer: z.array(answers.attachment) }),
    attachment: (no: string, sha256: string) =>
      askBytes(connection(), `${at(no)}/attachments/${encodeURIComponent(sha256)}`),
    problems: () => askAll(connection(), { path: '/problems', answer: z.array(answers.standing) }),
    work: (limit: number) =>
      askUpTo(limit, connection(), {
        path: `/work?limit=${Math.min(limit, longestPage)}`,
        answer: z.array(answers.task),
      }),
    staff: (waiting = false) =>
      ask(connection(), { path: `/staff?waiting=${waiting}`, answer: z.array(answers.staff) }),
    act: (no: string, act: ActName, fields: object, key?: string) =>
      post(`${at(no)}/acts/${act}`, fields, key),
    seenTo: (no: string, id: string, how: string) =>
      ask(connection(), {
        method: 'POST',
        path: `${at(no)}/follow-ups/${encodeURIComponent(id)}`,
        body: { how },
        answer: z.unknown(),
      }),
    note: (no: string, text: string, key?: string) => post(`${at(no)}/notes`, { text }, key),
    contact: (no: string, party: string, contact: object) =>
      put(`${at(no)}/parties/${encodeURIComponent(party)}/contact`, contact),
    consent: (no: string, party: string, given: { channel: string; source: string }) =>
      ask(connection(), {
        method: 'POST',
        path: `${at(no)}/parties/${encodeURIComponent(party)}/contact/consent`,
        body: given,
        answer: answers.consent,
      }),
    payee: (no: string, item: string, payee: object) =>
      put(`${at(no)}/items/${encodeURIComponent(item)}/payee`, payee),
    revoke: (id: string) =>
      ask(connection(), { method: 'POST', path: '/tokens/revoked', body: { id }, answer: z.unknown() }),
    rebuild: (claim?: string) =>
      ask(connection(), {
        method: 'POST',
        path: '/records/rebuild',
        body: { claim },
        answer: answers.rebuilt,
      }),
    check: (claim?: string) =>
      ask(connection(), { method: 'POST', path: '/records/check', body: { claim }, answer: answers.checked }),
    keys: () => ask(connection(), { path: '/keys', answer: z.array(answers.keyUse) }),
    rewrap: (next?: string) =>
      ask(connection(), { method: 'POST', path: '/keys/rewrap', body: { next }, answer: answers.rewrapped }),
    addDocument: (no: string, { document, item, name, content }: Brought, key?: string) => {
      const form = new FormData();
      form.set('document', document);
      if (item) form.set('item', item);
      // The fields first: the API then knows what the file is before it has read all of it.
      form.set('file', content, name);
      return post(`${at(no)}/documents`, form, key);
    },
  };
}

const at = (no: string): string => `/claims/${encodeURIComponent(no)}`;

function searchOf(query: ListQuery & { limit: number }): URLSearchParams {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== false);
  return new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
}
