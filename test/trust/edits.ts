import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineSearchAttributeKey } from '@temporalio/common';
import canonicalize from 'canonicalize';
import { Client } from 'pg';
import { journalKeeper } from '../../activities/journal.ts';
import { anchorRound, checkOne, checkRound, type Place } from '../../client/check/rounds.ts';
import { apiAt } from '../../client/own-api/api.ts';
import type { Finding } from '../../client/own-api/schemas/record-checks.ts';
import { recordsCheckSettings } from '../../config/records-check.ts';
import type { JournalEntry } from '../../domain/claim/journal.ts';
import { workflowIdOf } from '../../domain/ids.ts';
import { anchorKeyIn, makeAnchorKey, type AnchorKey } from '../../security/anchor-keys.ts';
import { hashAfter, type StoredRow } from '../../security/journal-chain.ts';
import { signStatement, type SigningKey } from '../../security/signing.ts';
import { issueToken } from '../../security/tokens.ts';
import { workflowType } from '../../workflows/contract.ts';
import { act, anOpening, handler, pack, sure, yuan } from '../support/builders.ts';
import { eventually } from '../support/local-stack.ts';
import { lipei } from '../support/lipei.ts';
import { runtime } from '../support/runtime.ts';
import { aSigningKey, rootKey, SignedClaim } from '../support/signed-claim.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import type { Ground } from './ground.ts';

/** The third closed so long ago that Temporal does not know it any more. */
const [one, other, old] = ['LEDT0-00001', 'LEDT0-00002', 'LEDT0-00003'];
const all = `'${one}', '${other}', '${old}'`;
const signing = aSigningKey();

/** Somebody with the rights of the tables' owner, past every trigger. */
interface Writer {
  query: Client['query'];
  rows(claim: string): Promise<StoredRow[]>;
  change(claim: string, seq: number, change: (entry: JournalEntry) => JournalEntry): Promise<void>;
  /** Computes all hashes of a journal anew. */
  rehash(claim: string): Promise<void>;
  append(claim: string, entry: object): Promise<void>;
}

export function edits(ground: () => Ground): void {
  let place: Place;
  let key: AnchorKey;
  let writer: Writer & { end(): Promise<void> };
  /** The last entry that the signed file of the first day has; one more was stored since. */
  let anchored = 0;
  let last = 0;
  const seqOf = async (kind: string): Promise<number> =>
    sure((await writer.rows(one)).find((row) => row.kind === kind)).seq;

  beforeAll(async () => {
    const { database, keys, ports } = ground();
    const token = await issueToken(sure(keys.token.privateKey), { staff: 'A-991', days: 1, now: new Date() });
    const folder = temporaryDirectory();
    place = {
      api: apiAt(() => ({ url: `http://127.0.0.1:${ports.api}`, token })),
      folder: join(folder, 'anchors'),
      keys: keysFolder(folder, [rootKey.publicKey, ...keys.roots]),
      settings: recordsCheckSettings,
      now: new Date(),
    };
    const file = join(folder, 'private', 'anchor.pem');
    makeAnchorKey(place.keys, file);
    key = anchorKeyIn(file);
    writer = await writerOf(ground());
    // The journals are of days before the ground's people were written down.
    await writer.query("UPDATE person_change SET at = '2026-01-01T00:00:00Z'");
    const journals = [one, other, old].map((number) =>
      new SignedClaim(anOpening({ number }), { key: signing }).instructed(yuan(4800)),
    );
    const keep = ({ claim, entries }: SignedClaim, from: number) =>
      journalKeeper(
        database,
        async () => 'missing',
      )({
        claim: claim.number,
        run: 'run-1',
        stored: from,
        rules: pack.versions,
        entries: JSON.parse(JSON.stringify(entries.slice(from))),
      });
    for (const journal of journals) await keep(journal, 0);
    anchored = sure(journals[0]).entries.length;
    await anchorRound(place, key);
    for (const journal of journals) await keep(journal.does(handler, act.notes()), anchored);
    last = sure(journals[0]).entries.length;
    await writer.query(`UPDATE claim SET outcome = 'paid' WHERE number = '${old}'`);
    for (const claim of [one, other]) await running(ground(), claim, sure((await writer.rows(claim)).at(-1)));
  }, 60_000);
  afterAll(() => writer.end());

  /** What a check of this claim finds after an edit; then everything is as before. */
  async function found(edit: (by: Writer) => Promise<unknown>, claim = one): Promise<Partial<Finding>[]> {
    const before = await writer.query(`SELECT * FROM journal_entry WHERE claim IN (${all})`);
    const models = await writer.query(`SELECT * FROM claim WHERE number IN (${all})`);
    try {
      await edit(writer);
      const { findings } = await checkOne(place, claim);
      return findings.map(({ kind, entry, what }) => ({ kind, entry, what }));
    } finally {
      await putBack(writer, before.rows, models.rows);
    }
  }

  test('without edits nothing is found, of one claim and of all', async () => {
    expect((await checkOne(place, one)).findings).toEqual([]);
    const { findings, claims, entries } = await checkRound(place, 'all');
    expect(findings.filter(({ claim }) => claim === one || claim === other)).toEqual([]);
    expect([claims >= 2, entries >= 2 * last]).toEqual([true, true]);
  });

  test('a claim of the real stack is found whole, and Temporal has its head', async () => {
    const claim = await ground().files();
    const runs = await eventually(
      `${claim} shows its head`,
      () => place.api.runsOf(claim),
      ([run]) => run?.head !== undefined,
    );
    const { seq = 0, hash = '' } =
      (await writer.rows(claim))[Number.parseInt(sure(runs[0]?.head), 10) - 1] ?? {};
    expect(runs).toEqual([{ claim, isRunning: true, head: `${seq}:${hash.slice(0, 32)}` }]);
    expect((await checkOne(place, claim)).findings).toEqual([]);
  });

  test('a changed entry is named, also one that was laid to somebody else', async () => {
    const seq = await seqOf('assessed');
    const raised = ({ change }: Writer): Promise<void> => change(one, seq, raisedTo(yuan(9800)));
    expect(kindsOf(await found(raised))).toEqual([['changed', seq]]);
    expect(
      kindsOf(
        await found(({ query }) =>
          query(`UPDATE journal_entry SET by = 'M-601' WHERE claim = '${one}' AND seq = ${seq}`),
        ),
      ),
    ).toEqual([['changed', seq]]);
  });

  test('a changed entry is named where all hashes were computed anew', async () => {
    const seq = await seqOf('assessed');
    const findings = await found(async ({ change, rehash }) => {
      await change(one, seq, raisedTo(yuan(9800)));
      await rehash(one);
    });
    expect(kindsOf(findings)).toEqual([
      ['changed', last],
      ['forged', seq],
    ]);
    expect(findings[1]?.what).toContain('does not follow from "assess"');
  });

  test('a change that rests on nothing signed is found by the signed file and by Temporal', async () => {
    const seq = await seqOf('acknowledged');
    const later = (claim: string) => async (by: Writer) => {
      await by.change(claim, seq, (entry) => ({ ...entry, at: '2026-11-23T02:00:00.001Z' }));
      await by.rehash(claim);
    };
    expect(kindsOf(await found(later(one)))).toEqual([['changed', last]]);
    expect(kindsOf(await found(later(old), old))).toEqual([['changed', anchored]]);
  });

  test('a forged last entry is named, with a copied proof and without one', async () => {
    const next = { seq: last + 1, at: '2026-11-23T03:00:00.000Z' };
    const [assessed] = (await writer.rows(one)).filter(({ kind }) => kind === 'assessed');
    const copied: JournalEntry = JSON.parse(sure(assessed).entry);
    const approved = {
      kind: 'approved',
      item: 'item-1',
      of: 'x',
      totalMinor: 1,
      needs: 1,
      by: 'M-601',
      ...next,
    };
    for (const entry of [
      approved,
      { ...approved, message: copied.message, received: copied.received },
      { ...copied, ...next },
      { ...approved, by: 'lipei' },
      { kind: 'payment-confirmed', item: 'item-1', payment: 'p', reference: 'r', by: 'lipei', ...next },
    ])
      expect(kindsOf(await found(({ append }) => append(one, entry)))).toEqual([
        ['read model', undefined],
        ['forged', last + 1],
      ]);
  });

  test('a cut tail is named: behind the last signed file by Temporal, before it by the file', async () => {
    expect(await found(cutting(one, last))).toEqual([
      { kind: 'cut', entry: last, what: expect.stringContaining('Temporal knows') },
    ]);
    expect(await found(cutting(old, anchored), old)).toEqual([
      { kind: 'cut', entry: anchored, what: expect.stringContaining('last signed file has') },
    ]);
  });

  test('a deleted journal is named, with its read model and without', async () => {
    expect(await found(deletedJournal)).toMatchObject([
      {
        kind: 'deleted',
        what: expect.stringContaining('known by: Temporal, the read model, the signed files'),
      },
    ]);
    const both = async (by: Writer): Promise<void> => {
      await deletedJournal(by);
      await by.query(`DELETE FROM claim WHERE number = '${one}'`);
    };
    expect(await found(both)).toMatchObject([
      { kind: 'deleted', what: expect.stringContaining('known by: Temporal, the signed files') },
    ]);
  });

  test('an exchanged proof is named', async () => {
    const seq = await seqOf('assessed');
    const stranger = signStatement(aSigningKey(), {
      claim: one,
      act: 'assess',
      id: 'm-1',
      at: '2026-11-23T02:00:00.000Z',
      by: { kind: 'staff', ...handler },
      fields: {},
    });
    for (const proof of [stranger, { ...stranger, signature: 'A'.repeat(86) }])
      expect(
        kindsOf(
          await found(async ({ change, rehash }) => {
            await change(one, seq, (entry) => ({
              ...entry,
              received: { ...sure(entry.received), proof },
            }));
            await rehash(one);
          }),
        ),
      ).toContainEqual(['forged', seq]);
  });

  test('an entry that was moved to another claim is named', async () => {
    const [moved] = (await writer.rows(other)).filter(({ kind }) => kind === 'note-added');
    const entry: JournalEntry = JSON.parse(sure(moved).entry);
    expect(await found(({ append }) => append(one, { ...entry, seq: last + 1 }))).toContainEqual({
      kind: 'forged',
      entry: last + 1,
      what: 'The proof is for another claim.',
    });
  });

  /** C-301 as the history has them, whatever they are. */
  const inHistory = (role: string) =>
    writer.query(
      `UPDATE person_change SET after = jsonb_set(after, '{roles}', '["${role}"]') WHERE code = 'C-301'`,
    );

  test('who signed with more than they had is named, and who was changed past their history', async () => {
    await inHistory('hotline');
    try {
      expect((await checkOne(place, one)).findings).toMatchObject([
        { kind: 'authority', what: expect.stringMatching(/^C-301 signed .+ as handler, and was hotline\.$/) },
      ]);
      expect((await checkRound(place, 'nightly')).findings).toContainEqual(
        expect.objectContaining({
          kind: 'authority',
          what: 'The person C-301 is not what its last recorded change made it',
        }),
      );
    } finally {
      await inHistory('handler');
    }
    expect((await checkOne(place, one)).findings).toEqual([]);
  });

  test('a claim that is open and that Temporal does not run is named', async () => {
    const open = ({ query }: Writer) => query(`UPDATE claim SET outcome = NULL WHERE number = '${old}'`);
    expect(kindsOf(await found(open, old))).toEqual([['not running', undefined]]);
  });

  test('a party that was erased by a signed act is no finding', async () => {
    const proof = signStatement(signing, {
      claim: one,
      act: 'erase-party',
      id: 'erase-1',
      at: '2026-11-24T02:00:00.000Z',
      by: { kind: 'staff', code: 'M-601', roles: ['manager'], branch: 'longkou', conflicts: [] },
      fields: { party: 'party-1' },
    });
    const erased = async ({ query }: Writer): Promise<void> => {
      const values = ['M-601', 'erase-party', one, JSON.stringify(proof)];
      await query(
        'INSERT INTO signed_line (at, by, act, claim, proof) VALUES (now(), $1, $2, $3, $4)',
        values,
      );
      await query(`DELETE FROM party WHERE claim = '${one}'`);
    };
    expect(await found(erased)).toEqual([]);
  });

  test('a missing entry is named', async () => {
    expect(
      kindsOf(
        await found(({ query }) => query(`DELETE FROM journal_entry WHERE claim = '${one}' AND seq = 3`)),
      ),
    ).toEqual([['missing', 3]]);
  });

  test('a journal that was deleted by a signed act is no finding, and by a forged one it is', async () => {
    const { seq, hash } = sure((await writer.rows(one)).at(-1));
    const before = sure((await writer.rows(one))[2]);
    const retired = (by: SigningKey, head: string) => async (writes: Writer) => {
      const proof = signStatement(by, {
        claim: one,
        act: 'retire-claim',
        id: 'retire-1',
        at: '2026-11-24T02:00:00.000Z',
        by: { kind: 'staff', code: 'O-951', roles: ['operations'], branch: 'longkou', conflicts: [] },
        fields: { head },
      });
      await deletedJournal(writes);
      await writes.query(`DELETE FROM claim WHERE number = '${one}'`);
      await writes.query(`DELETE FROM signed_line WHERE claim = '${one}'`);
      const values = ['O-951', 'retire-claim', one, JSON.stringify(proof)];
      await writes.query(
        'INSERT INTO signed_line (at, by, act, claim, proof) VALUES (now(), $1, $2, $3, $4)',
        values,
      );
    };
    const whole = `${seq}:${hash}`;
    expect(await found(retired(signing, whole))).toEqual([]);
    const deleted = [['deleted', undefined]];
    expect(kindsOf(await found(retired(aSigningKey(strangersRoot), whole)))).toEqual(deleted);
    expect(kindsOf(await found(retired(signing, `${before.seq}:${before.hash}`)))).toEqual(deleted);
    await writer.query(`DELETE FROM signed_line WHERE claim = '${one}'`);
  });

  test('what a restore has lost, or a liar has stored, is a finding until an auditor accepts it in a signed file', async () => {
    const approved = { kind: 'approved', item: 'item-1', of: 'x', totalMinor: 1, needs: 1, by: 'M-601' };
    await cut(writer, old, anchored);
    await writer.append(other, { ...approved, seq: last + 1, at: '2026-11-23T03:00:00.000Z' });
    await writer.query(`UPDATE claim SET seq = ${last + 1} WHERE number = '${other}'`);
    const both = async () => [
      kindsOf((await checkOne(place, old)).findings),
      kindsOf((await checkOne(place, other)).findings),
    ];
    expect(await both()).toEqual([[['cut', anchored]], [['forged', last + 1]]]);
    const tomorrow = new Date(place.now.getTime() + 86_400_000);
    const accepted = [old, other].map((claim) => ({ claim, reason: 'restored' }));
    const { written, heads } = await anchorRound({ ...place, now: tomorrow }, key, accepted);
    expect(heads.map(({ claim, seq }) => [claim, seq])).toEqual(
      expect.arrayContaining([
        [old, anchored - 1],
        [other, last + 1],
      ]),
    );
    expect(readFileSync(sure(written).file, 'utf8')).toContain('"reason":"restored"');
    expect(await both()).toEqual([[], []]);
    await writer.append(other, { ...approved, seq: last + 2, at: '2026-11-23T03:00:01.000Z' });
    expect((await checkOne(place, other)).findings).toContainEqual(
      expect.objectContaining({ kind: 'forged', entry: last + 2 }),
    );
    await cut(writer, other, last + 2);
  });

  test('the commands say what they found, and end with 1 where it is something', async () => {
    const { ports, keys } = ground();
    const token = await issueToken(sure(keys.token.privateKey), { staff: 'A-991', days: 1, now: new Date() });
    const types = (...words: string[]) =>
      lipei([...words, '--api', `http://127.0.0.1:${ports.api}`], {
        env: { LIPEI_TOKEN: token, LIPEI_KEYS: place.keys, LIPEI_ANCHORS: place.folder },
      });
    const file = join(place.folder, '..', 'private', 'second.pem');
    expect((await types('keys', 'anchor', '--private', file)).out).toContain(
      'keep it on a machine of the auditors',
    );
    expect(await types('records', 'check', one)).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('Nothing is wrong.'),
    });
    expect(await types('records', 'check', 'LZZZZ-ZZZZZ')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('know a claim LZZZZ-ZZZZZ'),
    });
    expect(await types('anchors', 'write', '--key', join(place.folder, 'none.pem'))).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('none.pem is wrong: it should be an Ed25519 key'),
    });
    await writer.query(`UPDATE journal_entry SET by = 'M-601' WHERE claim = '${one}' AND seq = 3`);
    const { exitCode, out, err } = await types('records', 'check', one);
    await writer.query(`UPDATE journal_entry SET by = 'lipei' WHERE claim = '${one}' AND seq = 3`);
    expect([exitCode, out, err]).toEqual([
      1,
      expect.stringMatching(/CHANGED +LEDT0-00001 +3 +Entry 3 is not what its hash says/),
      expect.stringContaining('1 finding: see the runbook'),
    ]);
  });

  test('each night reads what is new, and what it finds is a problem until the next check is clean', async () => {
    const quiet = await checkRound({ ...place, settings: { ...place.settings, everyDays: 366 } }, 'nightly');
    const own = quiet.findings.filter(({ claim }) => claim === one || claim === other);
    expect(own).toEqual([]);
    await writer.append(one, {
      kind: 'approved',
      item: 'item-1',
      of: 'x',
      totalMinor: 1,
      needs: 1,
      by: 'M-601',
      seq: last + 1,
      at: '2026-11-23T03:00:00.000Z',
    });
    const { findings } = await checkRound(place, 'nightly');
    expect(findings.filter(({ claim }) => claim === one)).toContainEqual(
      expect.objectContaining({ kind: 'forged', entry: last + 1 }),
    );
    const problems = await ground().ask('O-951', 'GET', '/problems/records');
    expect(problems.body[0]).toMatchObject({ state: 'found', findings: expect.any(Array) });
    await cut(writer, one, last + 1);
    await checkRound(place, 'nightly');
    const after = await ground().ask('O-951', 'GET', '/problems/records');
    expect(JSON.stringify(after.body)).not.toContain(one);
  });
}

const strangersRoot = generateKeyPairSync('ed25519');

function keysFolder(folder: string, roots: readonly KeyObject[]): string {
  const keys = join(folder, 'keys');
  mkdirSync(join(keys, 'roots'), { recursive: true });
  for (const [index, root] of roots.entries())
    writeFileSync(join(keys, 'roots', `${index}.pem`), root.export({ type: 'spki', format: 'pem' }));
  return keys;
}

const kindsOf = (findings: Partial<Finding>[]) => findings.map(({ kind, entry }) => [kind, entry]);

const cutting = (claim: string, from: number) => (by: Writer) => cut(by, claim, from);

const deletedJournal = ({ query }: Writer) => query(`DELETE FROM journal_entry WHERE claim = '${one}'`);

const raisedTo =
  (amountMinor: number) =>
  (entry: JournalEntry): JournalEntry =>
    entry.kind === 'assessed' ? { ...entry, amountMinor } : entry;

/** Cuts a journal from an entry on, and hides it in the read model. */
async function cut({ query }: Writer, claim: string, from: number): Promise<void> {
  await query(`DELETE FROM journal_entry WHERE claim = '${claim}' AND seq >= ${from}`);
  await query(`UPDATE claim SET seq = ${from - 1} WHERE number = '${claim}'`);
}

/** A superuser of the database, for whom no trigger counts. */
async function writerOf({ database }: Ground): Promise<Writer & { end(): Promise<void> }> {
  const [row] = await database.$queryRaw<{ name: string }[]>`SELECT current_database()::text AS name`;
  const url = new URL(runtime().databaseUrl);
  url.pathname = `/${sure(row).name}`;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  await client.query('SET session_replication_role = replica');
  const query: Client['query'] = client.query.bind(client);
  const rows = async (claim: string): Promise<StoredRow[]> =>
    (
      await client.query<StoredRow>(
        `SELECT seq, at::text, by, kind, entry, previous_hash AS "previousHash", hash
         FROM journal_entry WHERE claim = $1 ORDER BY seq`,
        [claim],
      )
    ).rows;
  const rehash = async (claim: string): Promise<void> => {
    let previous = '';
    for (const { seq, entry } of await rows(claim)) {
      const hash = hashAfter(previous, entry);
      await client.query(
        'UPDATE journal_entry SET previous_hash = $3, hash = $4 WHERE claim = $1 AND seq = $2',
        [claim, seq, previous, hash],
      );
      previous = hash;
    }
  };
  return {
    query,
    rows,
    rehash,
    change: async (claim, seq, change) => {
      const before = sure((await rows(claim)).find((each) => each.seq === seq));
      const entry = change(JSON.parse(before.entry));
      await client.query('UPDATE journal_entry SET entry = $3, at = $4 WHERE claim = $1 AND seq = $2', [
        claim,
        seq,
        canonicalize(entry),
        entry.at,
      ]);
    },
    append: async (claim, entry) => {
      const { seq, at, by, kind }: JournalEntry = JSON.parse(JSON.stringify(entry));
      await client.query("INSERT INTO journal_entry VALUES ($1, $2, $3, $4, $5, $6, '', '')", [
        claim,
        seq,
        at,
        by,
        kind,
        canonicalize(entry),
      ]);
      await rehash(claim);
    },
    end: () => client.end(),
  };
}

async function putBack({ query }: Writer, rows: object[], models: object[]): Promise<void> {
  await query(`DELETE FROM journal_entry WHERE claim IN (${all})`);
  await query(
    'INSERT INTO journal_entry SELECT * FROM jsonb_populate_recordset(NULL::journal_entry, $1::jsonb)',
    [JSON.stringify(rows)],
  );
  await query(`DELETE FROM claim WHERE number IN (${all})`);
  await query('INSERT INTO claim SELECT * FROM jsonb_populate_recordset(NULL::claim, $1::jsonb)', [
    JSON.stringify(models),
  ]);
}

const claimHead = defineSearchAttributeKey('ClaimHead', 'KEYWORD');

/** Temporal runs the claim, as a run shows it that has stored this entry last. */
const running = (
  { intruder }: Ground,
  claim: string,
  { seq, hash }: Pick<StoredRow, 'seq' | 'hash'>,
): Promise<unknown> =>
  intruder.workflow.start(workflowType, {
    workflowId: workflowIdOf(claim),
    taskQueue: 'nobody-works-here',
    args: [],
    typedSearchAttributes: [{ key: claimHead, value: `${seq}:${hash.slice(0, 32)}` }],
  });
