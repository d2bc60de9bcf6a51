import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { templatesFolder } from '../../wording/renderer/renderer.ts';
import { checkTemplates } from '../../wording/check/check.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** The project's templates with changes to some of its files; `undefined` takes a file away. */
function templatesWith(changes: Record<string, ((text: string) => string) | undefined>): string {
  const folder = temporaryDirectory();
  cpSync(templatesFolder, folder, { recursive: true });
  for (const [file, change] of Object.entries(changes)) {
    if (change) writeFileSync(join(folder, file), change(textOf(file)));
    else rmSync(join(folder, file));
  }
  return folder;
}

function textOf(file: string): string {
  try {
    return readFileSync(join(templatesFolder, file), 'utf8');
  } catch {
    return '';
  }
}

const mistakesIn = (...changes: Parameters<typeof templatesWith>): string[] =>
  checkTemplates(templatesWith(...changes))?.mistakes.map(
    ({ file, line, what }) => `${file}${line ? `:${line}` : ''}: ${what}`,
  ) ?? [];

const followedBy =
  (text: string) =>
  (before: string): string =>
    `${before.trimEnd()}${text}\n`;
const instead =
  (old: string | RegExp, text: string) =>
  (before: string): string =>
    before.replace(old, () => text);

test.each([
  [
    'a template that one language lacks',
    'en/paid.sms.liquid',
    undefined,
    ['en/paid.sms.liquid: is missing: write it like zh-CN/paid.sms.liquid'],
  ],
  [
    'a name that nothing sends',
    'en/piad.sms.liquid',
    followedBy('---\npurpose: To nobody at all, never.\nsegments: 1\n---\nx'),
    [expect.stringContaining('en/piad.sms.liquid: is used by no message: name it KIND.CHANNEL.liquid')],
  ],
  [
    'a part that nothing uses',
    'en/parts/farewell.liquid',
    followedBy('Bye'),
    ['en/parts/farewell.liquid: is used by no message: take it out, or render it where it belongs'],
  ],
  [
    'a value that does not exist',
    'en/paid.email.liquid',
    instead('{{ amount }}', '{{ amuont }}'),
    [
      expect.stringContaining('en/paid.email.liquid:7: "amuont" is no value: there are brand, claim,'),
      expect.any(String),
    ],
  ],
  [
    'the same where it is only asked for',
    'en/paid.email.liquid',
    followedBy('{% if claim.numbr %}x{% endif %}'),
    ['en/paid.email.liquid:32: "claim.numbr" is no value: claim has number, tail'],
  ],
  [
    'the same in a part',
    'en/parts/documents-sms.liquid',
    instead('document.notBefore %}', 'document.from %}'),
    [
      'en/parts/documents-sms.liquid:2: "document.from" is no value: ' +
        'document has size, name, guidance, hint, substitutes, notBefore, reasons',
    ],
  ],
  [
    'the same in a loop through something else',
    'en/progress.email.liquid',
    instead('{{ each.since }}', '{% if each.until %}x{% endif %}{{ each.since }}'),
    ['en/progress.email.liquid:12: "each.until" is no value: each has size, what, from, isReader, since'],
  ],
  [
    'an SMS that is too long when it is sent again',
    'en/around/repeated-sms.liquid',
    instead('(Sent again', '(Sent again, since we do not know whether it has ever reached you'),
    expect.arrayContaining([
      expect.stringMatching(
        new RegExp(
          '^en/acknowledgement\\.sms\\.liquid: an SMS has at most 500 characters, not \\d+: shorten it ' +
            '\\(when it is sent once more: around/repeated-sms\\.liquid\\)$',
        ),
      ),
    ]),
  ],
  [
    'a value that this message does not have',
    'zh-CN/withdrawn.email.liquid',
    followedBy('{{ amount }}'),
    [
      'zh-CN/withdrawn.email.liquid:10: "amount" is missing in some messages of this kind: ' +
        'put {% if amount %} … {% endif %} around it, or take it out',
    ],
  ],
  [
    'a fact that is in none of its channels',
    'zh-CN/formal-notice.letter.liquid',
    instead('{% if law.limitation %}{{ law.limitation }}{% endif %}', ''),
    [
      'zh-CN/formal-notice.letter.liquid: "law.limitation" is known, ' +
        'but in none of this message’s channels: add it to one of formal-notice.letter.liquid',
    ],
  ],
  [
    'a reason of the rules for asking anew that has no word',
    'en/words.json',
    instead(/ *"document-unreadable": .*\n/, ''),
    ['en/words.json: reasons has no word for "document-unreadable": add it, since the rules name it'],
  ],
  [
    'a place of the rules without its law',
    'zh-CN/words.json',
    instead(/"US": \{[^}]*\}/, '"HK": { "complaints": "请致电。" }'),
    [
      'en/words.json: places has no word for "HK": add it, since zh-CN has it',
      'zh-CN/words.json: places has no word for "US": add it, since the rules name it',
    ],
  ],
  [
    'a value that is set and not used',
    'en/paid.email.liquid',
    followedBy('{% assign day = date %}'),
    ['en/paid.email.liquid:32: "day" is set but not used: use it or take it out'],
  ],
  [
    'a value that is not closed',
    'en/paid.email.liquid',
    followedBy('{{ item'),
    ['en/paid.email.liquid:32: a value is not closed: write }} behind "{{ item"'],
  ],
  [
    'a condition that is not closed',
    'en/paid.email.liquid',
    followedBy('{% if item %}'),
    [
      'en/paid.email.liquid:32: tag {% if item %} is not closed: ' +
        'write its end, such as {% endif %} or {% endfor %}, where it should stop',
    ],
  ],
  [
    'a filter that does not exist',
    'en/paid.email.liquid',
    followedBy('{{ item | plurl }}'),
    [
      'en/paid.email.liquid:32: there is no filter "plurl": ' +
        'correct it, such as plural, join or capitalize, or take it out',
    ],
  ],
  [
    'a part that does not exist',
    'en/paid.email.liquid',
    followedBy('{% render "farewell" %}'),
    [
      'en/paid.email.liquid:32: there is no part "farewell": ' +
        'correct the name, or write parts/farewell.liquid',
    ],
  ],
  [
    'a plural without a form',
    'en/documents-needed.email.liquid',
    instead('one: "a document is", ', ''),
    ['en/documents-needed.email.liquid:4: plural lacks the form "one"; en needs one and other'],
  ],
  [
    'no front matter',
    'en/paid.sms.liquid',
    instead(/^---[^]*---\n/, ''),
    [
      'en/paid.sms.liquid: front matter is missing; ' +
        'begin the file with the lines ---, "purpose: …", "segments: 1" and ---',
    ],
  ],
  [
    'front matter without a purpose and with something unknown',
    'en/paid.sms.liquid',
    instead(/purpose: .*/, 'porpoise: To the customer.'),
    [
      'en/paid.sms.liquid: front matter: purpose must be a sentence: who gets it, when and why; ' +
        'knows no "porpoise"; take it out',
    ],
  ],
  [
    'front matter that is no YAML',
    'en/paid.sms.liquid',
    instead(/purpose: .*/, 'purpose: To: the customer.'),
    [
      expect.stringMatching(
        /^en\/paid\.sms\.liquid: front matter cannot be read: .* put the text behind "purpose:" into quotes$/,
      ),
    ],
  ],
  [
    'a budget where nothing is counted',
    'en/paid.email.liquid',
    instead('\n---\n', '\nsegments: 1\n---\n'),
    ['en/paid.email.liquid: front matter: knows no "segments"; take it out'],
  ],
  [
    'front matter of a part',
    'en/parts/handing-in.liquid',
    (text: string) => `---\npurpose: How to hand it in.\n---\n${text}`,
    [
      'en/parts/handing-in.liquid: only messages have front matter; ' +
        'customers would read this, so take the lines from --- to --- out',
    ],
  ],
  [
    'an email without a subject',
    'zh-CN/paid.email.liquid',
    instead('Subject: ', ''),
    ['zh-CN/paid.email.liquid: the first line must be "Subject: …", and the text must follow'],
  ],
  [
    'marks that are left over',
    'en/paid.email.liquid',
    followedBy(' item }}'),
    ['en/paid.email.liquid: "}}" would reach the customer: correct what it belongs to'],
  ],
  [
    'an SMS over its budget',
    'en/paid.sms.liquid',
    instead('segments: 2', 'segments: 1'),
    [
      'en/paid.sms.liquid: has 2 segments of GSM-7 at its longest (228 characters), ' +
        'but its front matter allows 1: shorten it, or raise "segments"',
    ],
  ],
  [
    'an SMS with a link',
    'zh-CN/paid.sms.liquid',
    instead('请查收', '详情 {{ brand.email }}'),
    [
      'zh-CN/paid.sms.liquid: an SMS must have no link in it, since networks block it: ' +
        'take out addresses of pages and of email',
    ],
  ],
  [
    'an SMS with an amount',
    'zh-CN/paid.sms.liquid',
    instead('的赔款', '的赔款{{ amount }}'),
    [
      expect.stringContaining('has 2 segments'),
      'zh-CN/paid.sms.liquid: contains an amount, which an SMS must not: take it out',
    ],
  ],
  [
    'an SMS with a name, only where it is known',
    'en/payment-approved.sms.liquid',
    instead(': the payment', ': {% if recipient.name %}Dear {{ recipient.name }}, {% endif %}the payment'),
    ['en/payment-approved.sms.liquid: contains the recipient’s name, which an SMS must not: take it out'],
  ],
  [
    'an SMS with a handler’s name',
    'en/payment-approved.sms.liquid',
    instead('Questions: ', 'Questions: {{ contact.name }}, '),
    [
      expect.stringContaining('"contact.name" is missing in some messages'),
      'en/payment-approved.sms.liquid: contains the handler’s name, which an SMS must not: take it out',
    ],
  ],
  [
    'an SMS with the whole number',
    'en/paid.sms.liquid',
    instead('ending in {{ claim.tail }}', '{{ claim.number }}'),
    ['en/paid.sms.liquid: contains the whole number of the claim, which an SMS must not: take it out'],
  ],
  [
    'an SMS without the reference at its end',
    'en/paid.sms.liquid',
    instead(' Claim ending in {{ claim.tail }}.', ''),
    ['en/paid.sms.liquid: must end in the short reference: {{ claim.tail }} and a full stop'],
  ],
  [
    'an apostrophe that doubles the price',
    'en/withdrawn.sms.liquid',
    instead('did not', 'didn’t'),
    [
      'en/withdrawn.sms.liquid: "’" makes the whole SMS one of UCS-2, which costs twice as much: ' +
        "write ' instead",
      expect.stringContaining('3 segments of UCS-2'),
    ],
  ],
  [
    'a word that the rules need',
    'en/words.json',
    instead('"driving-licence": {', '"driving-license": {'),
    expect.arrayContaining([
      'en/words.json: documents has no word for "driving-licence": add it, since the rules name it',
      'zh-CN/words.json: documents has no word for "driving-license": add it, since en has it',
    ]),
  ],
  [
    'a substitute that the rules do not accept',
    'en/words.json',
    instead('"accident-certificate"\n', '"card-statement"\n'),
    [
      'en/words.json: documents.police-determination.substitutes should be those that the rules accept: ' +
        'self-negotiated-agreement, accident-certificate',
    ],
  ],
  [
    'a word list that lacks something',
    'en/words.json',
    instead('"hotline": "400-000-0100",', ''),
    [expect.stringMatching(/^en\/words\.json: brand\.hotline /)],
  ],
  [
    'a word list that is no JSON',
    'en/words.json',
    followedBy(','),
    [expect.stringMatching(/^en\/words\.json: cannot be read: /)],
  ],
  [
    'a look that is broken',
    'email.html.liquid',
    followedBy('{{ subject'),
    [expect.stringMatching(/^email\.html\.liquid:\d+: a value is not closed/)],
  ],
])('%s is reported with advice', (_, file, change, mistakes) => {
  const found = mistakesIn({ [file]: change });
  expect(found.toSorted()).toEqual(Array.isArray(mistakes) ? expect.arrayContaining(mistakes) : mistakes);
  if (Array.isArray(mistakes)) expect(found).toHaveLength(mistakes.length);
});

test('a language without a word list is none, which is a mistake', () => {
  const folder = templatesWith({});
  cpSync(join(folder, 'en'), join(folder, 'fr'), { recursive: true });
  rmSync(join(folder, 'fr', 'words.json'));
  expect(checkTemplates(folder)).toMatchObject({
    languages: ['en', 'zh-CN'],
    mistakes: [{ file: 'fr/words.json', what: expect.stringContaining('is missing') }],
  });
});

test('all mistakes of all files are reported at once', () => {
  const found = mistakesIn({
    'en/paid.sms.liquid': followedBy('{% if'),
    'en/refused.email.liquid': followedBy('{{ amuont }}'),
    'zh-CN/words.json': instead('"name": "礼培保险",', ''),
    'zh-CN/paid.sms.liquid': undefined,
  });
  expect(new Set(found.map((mistake) => mistake.split(':')[0]))).toEqual(
    new Set(['en/paid.sms.liquid', 'en/refused.email.liquid', 'zh-CN/words.json', 'zh-CN/paid.sms.liquid']),
  );
});

test('every mistake is one line, and names no folder of this machine', () => {
  const found = mistakesIn({
    'en/paid.sms.liquid': followedBy('\n{{ item\n\n'),
    'en/paid.email.liquid': followedBy('{% render "farewell" %}'),
    'en/words.json': () => '{',
  });
  expect(found.filter((mistake) => /[\n\\]|\/(?:tmp|home|work|private|var)\//.test(mistake))).toEqual([]);
});

test('a folder without templates is none', () => {
  expect(checkTemplates(temporaryDirectory())).toBeUndefined();
});
