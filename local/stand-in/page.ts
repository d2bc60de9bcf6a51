import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import type { FastifyReply } from 'fastify';
import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { Liquid } from 'liquidjs';

const engine = new Liquid({
  root: join(import.meta.dirname, '..'),
  extname: '.liquid',
  outputEscape: 'escape',
  strictFilters: true,
});

/**
 * Makes links in a text and escapes the rest. A link ends where the sentence continues: at a full stop, or at
 * the next Chinese character.
 */
engine.registerFilter('linked', {
  raw: true,
  handler: (text: unknown) =>
    String(text)
      .split(/(https?:\/\/[\w\-.~:/?#[\]@!$&()*+,;=%]*[\w\-~/#=&%])/)
      .map((part, n) =>
        n % 2 === 0
          ? escaped(part)
          : `<a href="${escaped(part)}" target="_blank" rel="noreferrer noopener">${escaped(part)}</a>`,
      )
      .join(''),
});

/** `08:05`, with the day if it is not today, in the time zone of this machine. */
engine.registerFilter('moment', (instant: unknown) => {
  const [at, today] = [new Date(String(instant)), new Date()];
  const time = at.toLocaleTimeString('sv-SE', { hour: '2-digit', minute: '2-digit' });
  return at.toDateString() === today.toDateString() ? time : `${at.toLocaleDateString('sv-SE')} ${time}`;
});

/** A telephone number in groups of digits; any other text unchanged. */
engine.registerFilter(
  'telephone',
  (number: unknown) => parsePhoneNumberFromString(String(number))?.formatInternational() ?? number,
);

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/**
 * Renders `<template>.liquid` and escapes all values. The page loads nothing from elsewhere and cannot be
 * framed.
 */
export async function pageOf(reply: FastifyReply, template: string, facts: object): Promise<FastifyReply> {
  const nonce = randomBytes(16).toString('base64');
  const html: unknown = await engine.renderFile(template, { ...facts, nonce });
  return reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; " +
        `script-src 'nonce-${nonce}'; connect-src 'self'; ` +
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    )
    .send(html);
}
