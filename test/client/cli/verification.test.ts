import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { verificationPage } from '../../../client/cli/pages/verification-page.ts';
import { noNames } from '../../../client/cli/staff-names.ts';
import { verificationOf, type StoredEntry } from '../../../client/cli/verification.ts';
import type { JournalEntry } from '../../../domain/claim/journal.ts';
import { yuan } from '../../support/builders.ts';
import { rootKey, SignedClaim } from '../../support/signed-claim.ts';

const roots = [rootKey.publicKey];

/** With the hashes that the records would give them. */
function stored(entries: JournalEntry[]): StoredEntry[] {
  let previous = '';
  return entries.map((entry) => {
    const plain: JournalEntry = JSON.parse(JSON.stringify(entry));
    previous = createHash('sha256')
      .update(`${previous}\n${canonicalize(plain)}`)
      .digest('hex');
    return { ...plain, hash: previous };
  });
}

const journal = (): JournalEntry[] => new SignedClaim().instructed(yuan(4800)).entries;

test('a whole journal: who signed what, hashes that follow, nothing doubtful', () => {
  const entries = journal();
  const verification = verificationOf(stored(entries), roots);
  expect(verification).toMatchObject({ entries: entries.length, brokenAt: undefined, doubt: undefined });
  expect(verification.messages).toContainEqual(
    expect.objectContaining({
      verdict: 'genuine',
      act: 'assess',
      by: expect.objectContaining({ code: 'C-301' }),
    }),
  );
  const page = verificationPage('L0000-00000', verification, noNames);
  expect(page).toContain('genuine');
  expect(page).toContain('All that money rests on in L0000-00000 follows');
});

test('a changed entry: its hash does not follow, and neither does the decision', () => {
  const entries = stored(journal());
  const changed = entries.map((entry) =>
    entry.kind === 'assessed' ? { ...entry, amountMinor: yuan(9800) } : entry,
  );
  const { brokenAt, doubt } = verificationOf(changed, roots);
  const seq = entries.find(({ kind }) => kind === 'assessed')?.seq;
  expect([brokenAt, doubt?.seq]).toEqual([seq, seq]);
});

test('hashes that were computed anew help nobody: the signature does not fit', () => {
  const forged = journal().map((entry) =>
    entry.kind === 'assessed' ? { ...entry, amountMinor: yuan(9800) } : entry,
  );
  const verification = verificationOf(stored(forged), roots);
  expect(verification.brokenAt).toBeUndefined();
  expect(verification.doubt?.why).toContain('does not follow from "assess" of C-301');
  expect(verificationPage('L0000-00000', verification, noNames)).toContain('DOUBTFUL: entry');
});

test('with other root keys nobody has signed anything', () => {
  const { messages, doubt } = verificationOf(stored(journal()), []);
  expect(new Set(messages.map(({ verdict }) => verdict))).toEqual(new Set(['unknown-signer']));
  expect(doubt).toBeDefined();
});
