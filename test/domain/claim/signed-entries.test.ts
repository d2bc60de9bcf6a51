import fc from 'fast-check';
import type { JournalEntry } from '../../../domain/claim/journal.ts';
import { mayMake, unsignedIn, type SignedBy } from '../../../domain/claim/signed-entries.ts';
import { checkProof } from '../../../security/signing.ts';
import { act, aNote, handler, noticedAt, sure, yuan } from '../../support/builders.ts';
import { rootKey, SignedClaim } from '../../support/signed-claim.ts';
import { groundsAt, play, scriptsOn } from '../stories.ts';

const signedBy: SignedBy = (proof) => checkProof([rootKey.publicKey], proof);

describe.each(groundsAt('ordinary'))('%s', (_, ground) => {
  test('each message makes entries of its own kinds, and the process none that only messages make', () => {
    const wrong: string[] = [];
    let made = 0;
    fc.assert(
      fc.property(scriptsOn(ground, 60), (script) => {
        for (const { command, decision } of play(script, ground).turns) {
          if (decision.kind === 'denied') continue;
          const name = command.message ? command.kind : 'process';
          made += decision.entries.length;
          for (const { kind } of decision.entries)
            if (!mayMake(name, kind)) wrong.push(`${name} makes ${kind}`);
        }
      }),
      { numRuns: 60 },
    );
    expect([wrong, made > 500]).toEqual([[], true]);
  });
});

const { claim, entries } = new SignedClaim().instructed(yuan(4800)).does(handler, act.notes());
const number = claim.number;
const of = (kind: JournalEntry['kind']): JournalEntry => sure(entries.find((entry) => entry.kind === kind));
const next = { seq: entries.length + 1, at: noticedAt };
const note = { kind: 'note-added', note: aNote(), ...next } as const;

test('what was signed is found signed, wherever the look begins', () => {
  expect(unsignedIn(number, entries, signedBy)).toBeUndefined();
  expect(unsignedIn(number, entries.slice(of('assessed').seq - 1), signedBy)).toBeUndefined();
});

test('a denial of what had no id, or no proof, is as it must be', () => {
  const denial = { reason: 'malformed', sentence: 'No.', message: 'add-note' } as const;
  const denied = { kind: 'message-denied', denial, by: 'anybody', ...next } as const;
  const received = { from: 'staff C-301', content: 'c' };
  expect(unsignedIn(number, [...entries, denied], signedBy)).toBeUndefined();
  expect(unsignedIn(number, [...entries, { ...denied, message: 'm', received }], signedBy)).toBeUndefined();
});

test.each<[string, JournalEntry, string]>([
  ['without a message, under a code', { ...note, by: 'C-301' }, 'nobody signed it'],
  ['without a message, under the name of the process', { ...note, by: 'lipei' }, 'nobody signed it'],
  ['under a message that never came', { ...note, by: 'C-301', message: 'm-999' }, 'not in the journal'],
  [
    'under a message of anybody',
    { ...note, by: 'anybody', message: 'm', received: { from: 'anybody', content: 'c' } },
    'Nobody signed it',
  ],
  [
    'with the proof of another act',
    { ...note, by: 'C-301', message: 'm', received: sure(of('assessed').received) },
    'Another message was signed',
  ],
  [
    'with an act that makes no such entry',
    { ...of('assessed'), ...note, by: sure(of('assessed').by) },
    'makes no such entry',
  ],
  ['under another code', { ...of('assessed'), by: 'M-601', seq: next.seq }, 'another sender'],
  ['as the continuation of another act', { ...note, by: 'C-301', message: 'm-1' }, 'not in the journal'],
  ['as a second opening', { ...of('claim-opened'), seq: next.seq }, 'opened once'],
])('an entry %s is forged', (_, forged, why) => {
  expect(unsignedIn(number, [...entries, forged], signedBy)).toMatchObject({
    seq: next.seq,
    why: expect.stringContaining(why),
  });
});

test('the entries of one claim are forged in another', () => {
  expect(unsignedIn('L0000-00001', [of('assessed')], signedBy)?.why).toContain('for another claim');
  expect(unsignedIn('L0000-00001', [of('claim-opened')], signedBy)?.why).toContain('another claim');
});

test('a claim that was opened otherwise than filed is forged', () => {
  const opened = of('claim-opened');
  if (opened.kind !== 'claim-opened') throw new Error('The first entry opens the claim');
  expect(unsignedIn(number, [{ ...opened, policy: 'P-2' }], signedBy)?.why).toContain('filed otherwise');
});
