import type { ErasedParty, ErasureAnswer, ErasureLine } from '../../own-api/schemas/erasures.ts';
import { localTime, zoneLine } from '../input/times.ts';
import type { Named } from '../staff-names.ts';
import { table } from '../table.ts';

/** What was erased, what the law wants kept and until when, and what lies elsewhere. */
export function erasedPage(answer: ErasureAnswer, named: Named): string {
  const lines = [
    own(answer, named),
    ...keptLines(answer),
    ...(answer.historyUntil
      ? [
          `Temporal keeps the notice of loss, encrypted, until ${day(answer.historyUntil)}; ` +
            'then it goes by itself.',
        ]
      : []),
    ...policyLines(answer),
    ...(answer.kind === 'already-erased' ? [] : outside),
    ...answer.elsewhere.map(other),
  ];
  return lines.join('\n');
}

function own({ kind, claim, party, at, by }: ErasedParty, named: Named): string {
  if (kind === 'already-erased')
    return `${party} of ${claim} is erased already${erasedBy({ at, by }, named)}.`;
  return kind === 'would-erase'
    ? `${party} of ${claim} may be erased. Nothing is changed.`
    : `${party} of ${claim} is erased: contact, notes, texts, attachments and messages are unreadable.`;
}

const erasedBy = ({ at, by }: Pick<ErasedParty, 'at' | 'by'>, named: Named): string =>
  at !== undefined && by !== undefined ? `, at ${localTime(at)} by ${named(by)}` : '';

function keptLines({ kind, kept = [] }: ErasedParty): string[] {
  const [longest] = kept;
  if (!longest)
    return kind === 'already-erased' ? [] : ['No law wants the data kept: the key is deleted at once.'];
  const laws = kept.map(({ law, until }) => `${law} (until ${day(until)})`).join(', ');
  return [
    `Set aside until ${day(longest.until)}, because the law wants it: ${laws}. ` +
      'Only the holder of the private archive key can open it.',
    'Codes, amounts, dates and keyed marks stay in the journal as long, so that one loss counts once.',
  ];
}

function policyLines({ policies = [] }: ErasureAnswer): string[] {
  return policies.length === 0
    ? []
    : [
        `Policies name the person: ${policies.join(', ')}. The company's policy system owns them: an ` +
          'import without the person removes them from the book, and they go with the policy after its time.',
      ];
}

/** Beyond the reach of Lipei. */
const outside = [
  'Not in Lipei, and yours to handle: backups of the records, files of imports with their rejected rows, ' +
    'what the SMS provider, the mail server and the bank keep.',
];

function other(each: ErasureAnswer['elsewhere'][number]): string {
  const { claim, party, kind, isSame, sentence } = each;
  const which = isSame ? 'The same person' : 'Perhaps the same person, under another name';
  const who = `${which}: ${party} of ${claim}`;
  switch (kind) {
    case 'erased':
      return `${who}: erased, too.`;
    case 'would-erase':
      return `${who}: may be erased, with --everywhere.`;
    case 'not-asked':
      return `${who}: not erased${isSame ? '; --everywhere erases there, too' : ''}.`;
    default:
      return `${who}: not erased. ${sentence ?? ''}`.trim();
  }
}

const day = (instant: string): string => instant.slice(0, 10);

export function erasureListPage(lines: ErasureLine[], named: Named): string {
  if (lines.length === 0) return 'Nobody was erased yet.';
  const list = table(
    ['claim', 'party', 'reason', 'by', 'at', 'set aside until'],
    lines.map(({ claim, party, reason, by, at, kept }) => [
      claim,
      party,
      reason,
      named(by),
      localTime(at),
      kept ? `${day(kept.until)} (${kept.law})` : '',
    ]),
  );
  return [list, '', zoneLine()].join('\n');
}
