import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { projectRoot } from '../config/env.ts';

/**
 * One word for one idea: `docs/glossary.md` says which, and what is written instead of a retired one. Names
 * first: identifiers, codes and commands; then prose: comments, help, descriptions and documents.
 */

/** A part of an identifier, and what the glossary has for it. */
const retiredInNames: Record<string, string> = {
  told: 'sent, notified or reported',
  untold: 'not forwarded',
  tell: 'notify, send, forward or report',
  tells: 'notifies',
  teller: 'outbox',
  telling: 'a notification request',
  tellings: 'notification requests',
  said: 'sent, or the noun of what it is',
  saying: 'delivery',
  sayings: 'deliveries',
  spoken: 'sent',
  heard: 'last contact, or received',
  hear: 'receive',
  unheard: 'without contact',
  learn: 'report',
  learns: 'reports',
  mend: 'fix or repair',
  mended: 'fixed or resumed',
  desk: 'context, sender, or the noun of the thing',
  wish: 'filter or preference',
  stretch: 'range',
  fate: 'delivery state',
};

/** Codes that stand in the journal, in messages, routes, commands, tables and settings, and what they are now. */
const retiredCodes: Record<string, string> = {
  'message-refused': 'message-denied',
  'receipt-came': 'delivery-reported',
  receiptCame: 'deliveryReported',
  'no-receipt': 'no-report',
  keep_receipt: 'keep_delivery_report',
  told_at: 'last_contact_at or forwarded_at',
  hear_by: 'next_contact_by',
  'keep-open': 'cancel-withdrawal',
  keepOpen: 'cancelWithdrawal',
  'kept-open': 'withdrawal-cancelled',
  'correct-notice': 'correct-claim',
  correctNotice: 'correctClaim',
  'notice-corrected': 'claim-corrected',
  'change-payee': 'set-payee',
  changePayee: 'setPayee',
  'seen-to': 'close-out',
  'lipei consent': 'lipei opt-in',
  'lipei decide': 'lipei approve, return-for-rework or refuse',
  'letters posted': 'post-letter',
  ProviderRefusesUs: 'ProviderRejectsUs',
  RecordsOutOfReach: 'DatabaseUnreachable',
  LIPEI_AUTO_RELEASE: 'LIPEI_AUTO_VERSION',
};

/** File names say what is in the file, by a noun. */
const retiredFiles =
  /(^|\/)(given|answered|said-about|recorded-as|remembered|unreadable|never-connected|out-of-reach|heard|told|overhearing|standing-still|seen-to|teller|telling|desk|receipts|refusals|miswritten)(\.test)?\.ts$/;

/** In sentences: which words, and what is written instead. */
const retiredInProse: [RegExp, string][] = [
  [/\bwhoever\b/i, 'who, or the noun'],
  [/\bwhom(ever)?\b/i, 'who, or the noun'],
  [/\b(stands?|standing|stood) still\b/i, 'is blocked'],
  [/\b(mends?|mended|mending)\b/i, 'fix'],
  [/\bgo(es)? on\b/i, 'continue or resume'],
  [/\b(is|are|was|were|been|be) (told|said|heard)\b/i, 'is sent, is notified, is reported'],
  [/\bseen to\b/i, 'handled'],
  [/\bfalls?\b(?!-back| (back|within|due|in|on))/i, 'is cancelled'],
  [/\b(provider|Twilio|carrier)['’]?s? receipt\b|\breceipt (says|for no message)/i, 'delivery report'],
  [/\b(message|token|proof|request)s? (is|are|was|were) refused\b/i, 'denied'],
  [/\bin earnest\b/i, 'in production'],
  [/\b(worker|software)s?['’]? releases?\b/i, 'version'],
];

const skipped =
  /^(node_modules|\.git|\.lipei|\.tools|\.tmp|test-results|samples|prisma\/generated|test\/histories|docs\/adr|docs\/measurements)(\/|$)/;
/** The glossary lists the retired words, and this test does. */
const exempt = ['docs/glossary.md', 'test/words.test.ts'];

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (skipped.test(relative(projectRoot, path))) return [];
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

const files = filesIn(projectRoot)
  .map((path) => relative(projectRoot, path))
  .filter((path) => /\.(ts|cjs|mjs|md|sql|prisma|liquid)$/.test(path) && !exempt.includes(path));
const textOf = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
const code = files.filter((path) => path.endsWith('.ts'));

const comment = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g;
const literal = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|\/(?![*/ ])(?:[^/\\\n]|\\.)+\/[a-z]*(?=[.,;)\s\]])/g;
const withoutTemplates = (text: string): string =>
  text.replace(/`(?:[^`\\]|\\.)*`/g, (all) =>
    [...all.matchAll(/\$\{([^}]*)\}/g)].map(([, inner]) => inner).join(';'),
  );

/** What is named, without what is only quoted or said in comments. */
const identifiersIn = (text: string): Set<string> =>
  new Set(withoutTemplates(text.replace(comment, '').replace(literal, "''")).match(/[A-Za-z_$][\w$]*/g));

const partsOf = (identifier: string): string[] =>
  identifier.split(/(?=[A-Z])|_/).map((part) => part.toLowerCase());

const retiredNamesIn = (text: string): string[] =>
  [...identifiersIn(text)].filter((each) =>
    partsOf(each).some((part) => Object.hasOwn(retiredInNames, part)),
  );

/** What people read in code: comments, and texts of several words. */
function proseIn(path: string): string {
  const text = textOf(path);
  if (!path.endsWith('.ts')) return text;
  const comments = text.match(comment) ?? [];
  const texts = (text.match(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g) ?? []).filter(
    (each) => /\w \w/.test(each),
  );
  return [...comments, ...texts].join('\n');
}

describe('names', () => {
  test('no identifier has a retired word', () => {
    const found = code.flatMap((path) =>
      [...identifiersIn(textOf(path))].flatMap((identifier) => {
        const part = partsOf(identifier).find((each) => Object.hasOwn(retiredInNames, each));
        return part === undefined ? [] : [`${path}: ${identifier} (write ${retiredInNames[part]})`];
      }),
    );
    expect(found).toEqual([]);
  });

  test('no code, command, column or setting goes by a retired name', () => {
    const found = files.flatMap((path) =>
      Object.entries(retiredCodes)
        .filter(([word]) => new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(textOf(path)))
        .map(([word, instead]) => `${path}: ${word} (write ${instead})`),
    );
    expect(found).toEqual([]);
  });

  test('no file is called by a retired name', () => {
    expect(files.filter((path) => retiredFiles.test(path))).toEqual([]);
  });

  test('a retired word is found where it stands', () => {
    expect(retiredNamesIn("const toldAt = claim.told; // told\nsay('told', `${untold} told`)")).toEqual([
      'toldAt',
      'told',
      'untold',
    ]);
    expect(retiredNamesIn("const sent = 'he told'; /* heard */")).toEqual([]);
  });
});

describe('prose', () => {
  test.each(retiredInProse)('no comment, help or document has %s', (pattern, instead) => {
    const found = files
      .filter((path) => !path.startsWith('test/') && !path.startsWith('templates/'))
      .flatMap((path) =>
        proseIn(path)
          .split('\n')
          .filter((line) => pattern.test(line))
          .map((line) => `${path}: ${line.trim().slice(0, 120)} (write ${instead})`),
      );
    expect(found).toEqual([]);
  });
});
