import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { templatesFolder } from '../../wording/renderer/renderer.ts';
import { previewSample, sizeOf, type Preview } from '../../wording/preview/preview.ts';
import { previewPage } from '../../wording/preview/preview-page.ts';
import { smsCosts } from '../../config/prices.ts';
import { lipei, valueOf } from '../support/lipei.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const nowhere = temporaryDirectory();
const alone = (...words: string[]) => lipei(['templates', ...words, '--data', nowhere]);

function previewsOf(...given: Parameters<typeof previewSample>): Preview[] {
  const result = previewSample(...given);
  return result.kind === 'written' ? result.previews : [];
}

test('a message is shown in every language by every channel that it has', () => {
  expect(
    previewsOf(templatesFolder, { kind: 'documents-reminder' }).map(
      ({ language, channel }) => `${language} ${channel}`,
    ),
  ).toEqual(['en sms', 'en email', 'en letter', 'zh-CN sms', 'zh-CN email', 'zh-CN letter']);
});

test('an SMS is shown with what it costs, an email with both of its parts', () => {
  const [sms, email] = previewsOf(templatesFolder, { kind: 'paid', language: 'en' });
  expect(sms?.sms).toMatchObject({
    segments: 2,
    budget: 2,
    encoding: 'GSM-7',
    characters: sms?.text.length,
    costs: expect.arrayContaining([{ country: 'US', currency: 'USD', amount: '0.0166' }]),
  });
  expect(email).toMatchObject({
    subject: expect.stringContaining('L7K3M-9Q2X4'),
    text: expect.not.stringContaining('<'),
    html: expect.stringContaining('<!doctype html>'),
  });
});

test('the price of several segments has no fractions that no price has', () => {
  expect(smsCosts(3)).toEqual([
    { country: 'CN', currency: 'USD', amount: '0.135' },
    { country: 'US', currency: 'USD', amount: '0.0249' },
  ]);
});

test.each([
  [{ kind: 'paid', language: 'fr' }, 'There are no templates in "fr"; there are en, zh-CN.'],
  [{ kind: 'paid', channel: 'letter' }, 'paid has no letter; it has sms, email.'],
] as const)('a template that does not exist is answered with those that do: %j', (wanted, what) =>
  expect(previewSample(templatesFolder, wanted)).toEqual({ kind: 'not-there', what }),
);

test('a mistake in another message does not prevent a preview; a mistake of its own is reported', () => {
  const folder = temporaryDirectory();
  cpSync(templatesFolder, folder, { recursive: true });
  writeFileSync(join(folder, 'en', 'paid.sms.liquid'), '{{ item');
  expect(previewSample(folder, { kind: 'withdrawn' }).kind).toBe('written');
  expect(previewSample(folder, { kind: 'paid' })).toMatchObject({
    kind: 'miswritten',
    mistake: { file: 'en/paid.sms.liquid' },
  });
});

test('no text of a message can become a part of the page', () => {
  const page = previewPage('<b>title', [
    { channel: 'sms', text: '<script>alert(1)</script>', sms: sizeOf('x') },
    { channel: 'email', subject: '"><i>', text: 'x', html: '<p class="x">it’s</p>' },
  ]);
  expect(page).not.toMatch(/<script|<b>title|<i>|<p class="x">/);
  expect(page).toContain('srcdoc="&lt;p class=&#34;x&#34;&gt;it’s&lt;/p&gt;"');
});

test('templates check needs no stack; it counts messages, or ends with 1 and lists mistakes', async () => {
  expect(await alone('check')).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(/^No mistakes: \d+ messages checked, in en and zh-CN\.\n$/),
    err: '',
  });
  const folder = temporaryDirectory();
  cpSync(templatesFolder, folder, { recursive: true });
  writeFileSync(
    join(folder, 'en', 'paid.sms.liquid'),
    readFileSync(join(templatesFolder, 'en', 'paid.sms.liquid'), 'utf8').replace('claim.tail', 'claim.tale'),
  );
  expect(await alone('check', '--dir', folder)).toEqual({
    exitCode: 1,
    out: expect.stringMatching(
      /^en\/paid\.sms\.liquid:5: "claim\.tale" is no value: claim has number, tail\.\n/,
    ),
    err: '2 mistakes in the templates.\n',
  });
  expect(valueOf(await alone('check', '--json', '--dir', folder))).toMatchObject({
    mistakes: [{ file: 'en/paid.sms.liquid', line: 5 }, expect.anything()],
  });
});

test('templates preview without a stack writes a page and prints its path and the segments', async () => {
  const out = join(temporaryDirectory(), 'paid.html');
  const ended = await alone('preview', 'paid', '--language', 'zh-CN', '--out', out);
  expect(ended).toMatchObject({
    exitCode: 0,
    out: expect.stringContaining(`${out}\nsms, zh-CN: 1 segment (at most 1) of UCS-2`),
  });
  expect(readFileSync(out, 'utf8')).toContain('礼培保险');
  const { page } = valueOf(
    await alone('preview', 'paid', '--channel', 'sms', '--json'),
    z.object({ page: z.string() }),
  );
  expect(existsSync(page)).toBe(true);
});
