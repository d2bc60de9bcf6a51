import { createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import {
  Client,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  type WorkflowHandle,
} from '@temporalio/client';
import { claimNumber, numbersOf, workflowIdOf } from '../../domain/ids.ts';
import type { Proof, Signer } from '../../domain/signed-payload.ts';
import { denialIn } from '../../client/engine/faults.ts';
import { certify, signStatement } from '../../security/signing.ts';
import { claimQuery, reportSignal, type ActAnswer, type ClaimResult } from '../../workflows/contract.ts';
import { aNotice, sameNumber } from '../support/notices.ts';
import { personalValues, placesInRecords, placesOf } from '../support/personal-data.ts';
import { openStage, type ClaimOnStage, type Stage } from '../support/stage.ts';
import { noticeOf } from '../../records/inbox/notices.ts';
import { testKeyring, testRoot, testSigning } from '../support/test-keyring.ts';
import {
  assesses,
  atTheBank,
  bankPays,
  eventually,
  expectationsOf,
  files,
  isComplete,
  kindsOf,
  denialsOf,
  stands,
  survey,
  sentOf,
} from '../support/steps.ts';
import { aNote } from '../support/builders.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const now = async (): Promise<Date> => new Date(await stage.env.currentTimeMs());
const sha = 'a'.repeat(64);

/** A client of somebody who can reach the engine and has no key. */
const stranger = (): Client => new Client({ connection: stage.env.connection });

/** Withdrawn and closed, so that its chasing does not continue beside other tests. */
async function ends(claim: ClaimOnStage): Promise<void> {
  expect(await claim.does('C-301', 'withdraw')).toMatchObject({ kind: 'recorded' });
  await claim.result();
}

/** What an update that ended as a failure was denied with; the Temporal UI shows it red. */
const red = async (sent: Promise<unknown>): Promise<unknown> =>
  sent.then(
    (answer) => ({ kind: 'not-red', answer }),
    (fault: unknown) => denialIn(fault),
  );

test.each<[string, unknown, string]>([
  ['a text', 'the survey is done', 'one JSON object'],
  ['a list', [{ id: 'm-1' }], 'one JSON object'],
  ['nothing', undefined, 'one JSON object'],
  ['an object without an id', { onScene: true }, 'id: must be'],
])(
  'an update that is %s fails with a sentence and is journalled, and the claim continues',
  async (_, payload, sentence) => {
    const claim = await files(stage);
    expect(await red(claim.sends('report-survey', payload))).toMatchObject({
      kind: 'denied',
      reason: 'malformed',
      sentence: expect.stringContaining(sentence),
    });
    expect(await denialsOf(claim)).toEqual(['malformed']);
    await survey(claim);
    await ends(claim);
  },
);

test.each<[string, object, string]>([
  ['a field that is missing', {}, 'onScene: must be true or false'],
  ['a field of another kind', { onScene: 'yes' }, 'onScene: must be true or false'],
  ['a field that nobody knows', { onScene: true, surveyor: 'me' }, '"surveyor" is not a field here'],
])(
  'a signed act with %s is denied with a sentence and journalled, and the claim continues',
  async (_, fields, sentence) => {
    const claim = await files(stage);
    expect(
      await claim.sends('report-survey', await claim.signs('S-201', 'report-survey', fields)),
    ).toMatchObject({ kind: 'denied', reason: 'malformed', sentence: expect.stringContaining(sentence) });
    expect(await denialsOf(claim)).toEqual(['malformed']);
    await survey(claim);
    await ends(claim);
  },
);

test('what somebody typed is answered, but not kept: it may be a name or a number', async () => {
  const claim = await files(stage);
  const typed = await claim.signs('C-301', 'add-note', { note: aNote('n-1'), '王伟 +8613800138000': true });
  expect(await claim.sends('add-note', typed)).toMatchObject({
    sentence: expect.stringContaining('"王伟 +8613800138000" is not a field here'),
  });
  expect(await claim.does('C-301', 'withdraw', { item: 'Li Na of Heping Road' })).toMatchObject({
    reason: 'malformed',
    sentence: expect.stringContaining('item: must be a code'),
  });
  await claim.reports('document-arrived', { document: '6222020050001111', attachment: sha });
  await claim.reports('document-arrived', {
    document: 'driving-licence',
    attachment: 'licence of Li Na.jpg',
  });
  expect(await denialsOf(claim)).toEqual(['malformed', 'malformed', 'unknown-document', 'malformed']);
  expect(await placesInRecords(personalValues, stage.database)).toEqual([]);
  await ends(claim);
});

test('in plaintext an update and a signal are denied and journalled, and the claim continues', async () => {
  const claim = await files(stage);
  const open = stranger().workflow.getHandle(claim.handle.workflowId);
  await open.signal('document-arrived', { id: 'm-1', document: 'driving-licence', attachment: sha });
  await claim.until('refused', ({ seq }) => seq > 0);
  const update = await open.startUpdate('report-survey', {
    args: [{ id: 'm-2', onScene: true, proof: 'Li Na says so' }],
    waitForStage: 'ACCEPTED',
  });
  const answered = claim.handle.getUpdateHandle<ActAnswer>(update.updateId).result();
  expect(await red(answered)).toMatchObject({
    kind: 'denied',
    reason: 'unreadable',
    sentence: expect.stringContaining('plaintext'),
  });
  expect(await denialsOf(claim)).toEqual(['unreadable', 'unreadable']);
  expect(await expectationsOf(claim)).toEqual(
    expect.arrayContaining(['document:claim:driving-licence', 'survey']),
  );
  await survey(claim);
  await ends(claim);
});

test.each<[string, (claim: ClaimOnStage, other: ClaimOnStage) => Promise<unknown>, string]>([
  ['no proof', async () => ({ id: randomUUID() }), 'no-proof'],
  [
    'something else in its place',
    async () => ({ signed: 'M-601 approves', signature: 'M-601' }),
    'forged-proof',
  ],
  ["another key's signature", async (claim) => forged(claim), 'forged-proof'],
  [
    'a changed statement',
    async (claim) => {
      const proof = await claim.signs('C-301', 'withdraw');
      return { ...proof, signed: proof.signed.replace('C-301', 'M-601') };
    },
    'forged-proof',
  ],
  ['a certificate that had ended', async (claim) => ended(claim), 'forged-proof'],
  ['the proof of another claim', async (_, other) => other.signs('C-301', 'withdraw'), 'forged-proof'],
  ['the proof of another act', async (claim) => claim.signs('C-301', 'cancel-withdrawal'), 'forged-proof'],
  [
    'what the codec makes of a proof',
    async (claim) => {
      const proof = await claim.signs('C-301', 'withdraw');
      return { $lipei: 'signed', statement: JSON.parse(proof.signed), proof };
    },
    'unreadable',
  ],
])('an act with %s decides nothing, ends as a failure, and has no author', async (_, payloadOf, reason) => {
  const [claim, other] = [await files(stage), await files(stage)];
  expect(await red(claim.sends('withdraw', await payloadOf(claim, other)))).toMatchObject({
    kind: 'denied',
    reason,
  });
  await denied(claim, { reason, by: 'anybody' });
  await Promise.all([ends(claim), ends(other)]);
});

test.each<[string, (claim: ClaimOnStage) => Promise<unknown>, string, string]>([
  [
    'that is too old',
    async (claim) => claim.signs('C-301', 'withdraw', {}, { at: await minutesFromNow(-3) }),
    'stale-proof',
    'C-301',
  ],
  [
    'from the future',
    async (claim) => claim.signs('C-301', 'withdraw', {}, { at: await minutesFromNow(3) }),
    'stale-proof',
    'C-301',
  ],
  ['of an auditor', async (claim) => claim.signs('A-991', 'withdraw'), 'role', 'A-991'],
  [
    'of a bank',
    async (claim) => signedBy(claim, { kind: 'provider', name: 'bank' }),
    'may-not-send',
    'lipei',
  ],
])('a genuine act %s is denied, and the denial names its author', async (_, payloadOf, reason, by) => {
  const claim = await files(stage);
  expect(await claim.sends('withdraw', await payloadOf(claim))).toMatchObject({ kind: 'denied', reason });
  await denied(claim, { reason, by });
  await ends(claim);
});

async function denied(claim: ClaimOnStage, { reason, by }: { reason: string; by: string }): Promise<void> {
  expect((await claim.state()).items[0]?.outcome).toBeUndefined();
  expect((await claim.journal()).filter((entry) => entry.kind === 'message-denied')).toMatchObject([
    { by, denial: { reason, message: 'withdraw' } },
  ]);
}

const minutesFromNow = async (minutes: number): Promise<string> =>
  new Date((await now()).getTime() + minutes * 60_000).toISOString();

const signedBy = async (claim: ClaimOnStage, by: Signer, key = testSigning): Promise<Proof> =>
  signStatement(key, {
    claim: claim.number,
    act: 'withdraw',
    id: randomUUID(),
    at: (await now()).toISOString(),
    by,
    fields: {},
  });

/** Who certifies themselves proves nothing. */
async function forged(claim: ClaimOnStage): Promise<Proof> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const certificate = certify(privateKey, publicKey, {
    from: new Date('2000-01-01'),
    until: new Date('2200-01-01'),
  });
  return signedBy(claim, { kind: 'system' }, { privateKey, certificate });
}

async function ended(claim: ClaimOnStage): Promise<Proof> {
  const { privateKey } = testSigning;
  const certificate = certify(testRoot, createPublicKey(privateKey), {
    from: new Date('2000-01-01'),
    until: new Date('2001-01-01'),
  });
  return signedBy(claim, { kind: 'system' }, { privateKey, certificate });
}

const levels = (n: number): unknown => JSON.parse(`${'['.repeat(n)}${']'.repeat(n)}`);

test('a message in thousands of levels is denied, and the claim continues', async () => {
  const claim = await files(stage);
  expect(await red(claim.sends('withdraw', { id: 'deep', item: levels(2_000) }))).toMatchObject({
    reason: expect.stringMatching(/^(malformed|no-proof)$/),
  });
  await ends(claim);
});

test('a report that nobody signed, or that another provider signed, is denied', async () => {
  const claim = await files(stage);
  const arrived = { document: 'driving-licence', attachment: sha };
  await claim.handle.signal('document-arrived', { id: 'typed', ...arrived });
  await claim.reports('document-arrived', arrived, { kind: 'provider', name: 'bank' });
  expect(await denialsOf(claim)).toEqual(['no-proof', 'may-not-send']);
  await ends(claim);
});

test('the same id with another content is denied, in an act and in a report; of another author it counts', async () => {
  const claim = await files(stage);
  const note = (person: string, text: string) =>
    claim
      .signs(person, 'add-note', { note: aNote(text) }, { id: 'n-1' })
      .then((proof) => claim.sends('add-note', proof));
  expect(await note('C-301', 'one')).toMatchObject({ kind: 'recorded' });
  expect(await note('C-301', 'two')).toMatchObject({ kind: 'denied', reason: 'id-used' });
  expect(await note('H-101', 'two')).toMatchObject({ kind: 'recorded' });
  await claim.reports('document-arrived', { id: 'a-1', document: 'driving-licence', attachment: sha });
  await claim.reports('document-arrived', { id: 'a-1', document: 'repair-invoice', attachment: sha });
  const about = { document: 'driving-licence', reason: 'already-on-file' };
  const accepted = await claim.signs(
    'C-301',
    'accept-document',
    { document: 'driving-licence' },
    { id: 'd-1' },
  );
  const waived = await claim.signs('C-301', 'waive-document', about, { id: 'd-1' });
  expect(await claim.sends('accept-document', accepted)).toMatchObject({ kind: 'recorded' });
  expect(await claim.sends('waive-document', waived)).toMatchObject({ kind: 'denied', reason: 'id-used' });
  expect(await denialsOf(claim)).toEqual(['id-used', 'id-used', 'id-used']);
  await ends(claim);
});

test('a message that is sent twice counts once, whether update or signal, and also in a later run', async () => {
  const claim = await files(stage);
  const surveyed = await claim.signs('S-201', 'report-survey', { onScene: true, findings: aNote() });
  expect(await claim.sends('report-survey', surveyed)).toMatchObject({ kind: 'recorded' });
  expect(await claim.sends('report-survey', surveyed)).toMatchObject({ kind: 'recorded' });
  const arrived = { id: 'upload-1', document: 'driving-licence', attachment: sha };
  await claim.reports('document-arrived', arrived);
  await stands(claim, 'check:claim:driving-licence');
  await claim.does('C-301', 'accept-document', { document: 'driving-licence' });
  await claim.reports('document-arrived', arrived);
  await claim.reports('document-arrived', { ...arrived, id: 'upload-2', document: 'accident-certificate' });
  await stands(claim, 'check:claim:police-determination');
  expect((await claim.state()).documents['driving-licence']).toMatchObject({
    state: 'accepted',
    attachments: [sha],
  });
  expect(
    (await kindsOf(claim)).filter((kind) => kind === 'survey-reported' || kind === 'document-received'),
  ).toEqual(['survey-reported', 'document-received', 'document-received']);
  expect((await claim.histories()).length).toBeGreaterThan(1);
  await ends(claim);
});

test('a bank’s report about a payment that it was not instructed to make is denied; a repeat counts once; a late return goes to finance', async () => {
  const claim = await files(stage, {
    items: [
      { object: 'insured-vehicle', party: 'wang', claimed: '2000' },
      { object: 'third-party-vehicle', party: 'li', claimed: '1000' },
    ],
  });
  await isComplete(claim);
  await assesses(claim, 'item-1', 200_000);
  const payment = await atTheBank(claim, 0);
  await claim.reports('bank-confirmed', { payment: `${claim.number}-item-2-payment-1`, reference: 'B-0' });
  await bankPays(claim, 0);
  await claim.reports('bank-confirmed', { payment, reference: 'BANK-1' });
  expect((await claim.state()).items[0]?.outcome).toMatchObject({ reference: 'BANK-1' });
  expect(await denialsOf(claim)).toEqual(['unknown-code']);

  await claim.reports('bank-returned', { payment, reason: 'AC04' });
  const waiting = await stands(claim, 'clear:item-1');
  expect(waiting.items[0]?.outcome).toBeUndefined();
  expect(waiting.expectations.find(({ id }) => id === 'clear:item-1')).toMatchObject({ from: 'finance' });
  // The bank takes its return back.
  await claim.reports('bank-confirmed', { payment, reference: 'BANK-1' });
  expect(await claim.does('F-801', 'clear-payment', { item: 'item-1', finding: 'paid-once' })).toMatchObject({
    kind: 'recorded',
  });
  expect(await claim.does('C-301', 'withdraw', { item: 'item-2' })).toMatchObject({ kind: 'recorded' });
  expect(await claim.result()).toMatchObject({ outcome: 'partly-paid' });
});

test('a decision on a claim that has closed is denied: journalled while its last messages are on their way, afterwards nobody receives it', async () => {
  const claim = await files(stage);
  await survey(claim);
  stage.sms.answers.push({ kind: 'busy', code: 'test' });
  await claim.does('C-301', 'withdraw');
  await eventually('closed', async () => (await claim.handle.query(claimQuery))?.outcome === 'withdrawn');
  const late = await claim.handle.executeUpdate<ActAnswer, [unknown]>('withdraw', {
    args: [await claim.signs('C-301', 'withdraw')],
  });
  expect(late).toMatchObject({
    kind: 'denied',
    reason: 'claim-closed',
    sentence: expect.stringContaining('withdrawn'),
  });
  await stage.env.sleep('1 minute');
  expect(await claim.result()).toMatchObject({ outcome: 'withdrawn' });
  expect(await denialsOf(claim)).toEqual(['claim-closed']);
  expect(await sentOf(claim, 'claim-closed')).toEqual([
    'claim-closed/email → party-1',
    'claim-closed/sms → party-1',
  ]);
  await expect(claim.does('C-301', 'withdraw')).rejects.toBeInstanceOf(WorkflowNotFoundError);
});

const starts = (
  input: unknown,
  workflowId = `by-hand-${randomUUID()}`,
  client = stage.client,
): Promise<WorkflowHandle> =>
  client.workflow.start('claim', { workflowId, taskQueue: 'claims', args: [input] });
const resultOf = ({ workflowId }: WorkflowHandle): Promise<ClaimResult> =>
  stage.client.workflow.getHandle(workflowId).result();

test.each<[string, () => Promise<unknown>, string]>([
  ['a text', async () => 'a car was damaged', 'one JSON object'],
  ['nothing', async () => null, 'one JSON object'],
  ['a notice without a policy', async () => ({ ...aNotice({}, await now()), policy: undefined }), 'policy'],
  [
    'a notice with a date of loss that lies ahead',
    async () => aNotice({ lossAt: '2099-01-01T00:00:00.000Z' }),
    'lossAt lies in the future',
  ],
  [
    'a notice with an object that no line knows',
    async () => aNotice({ items: [{ object: 'spaceship', party: 'wang', claimed: '1' }] }, await now()),
    'spaceship',
  ],
  [
    'a state that somebody made up',
    async () => ({
      continued: {
        number: 'L0000-00000',
        line: 'motor',
        jurisdiction: 'CN',
        lossAt: '2026-01-01T00:00:00.000Z',
        items: [],
      },
    }),
    'notice of loss',
  ],
])('started by hand with %s it is not opened, says why, and does not stick', async (_, input, sentence) => {
  expect(await resultOf(await starts(await input()))).toMatchObject({
    kind: 'not-opened',
    sentence: expect.stringContaining(sentence),
  });
});

test('a notice in plaintext is not opened and leaves nothing in the records; a message to it meanwhile is answered', async () => {
  const notice = aNotice({}, await now());
  const number = claimNumber(notice.source, notice.reference);
  const handle = await starts(notice, workflowIdOf(number), stranger());
  expect(await resultOf(handle)).toMatchObject({
    kind: 'not-opened',
    sentence: expect.stringContaining('decrypted'),
  });
  expect(await stage.database.notice.count({ where: { claim: number } })).toBe(0);
});

test('a message to a notice that cannot be opened is answered before it ends', async () => {
  const workflowId = `by-hand-${randomUUID()}`;
  const startWorkflowOperation = new WithStartWorkflowOperation('claim', {
    workflowId,
    taskQueue: 'claims',
    args: [{ source: 'hotline' }],
    workflowIdConflictPolicy: 'FAIL',
  });
  const answer: ActAnswer = await stage.client.workflow.executeUpdateWithStart('withdraw', {
    args: [{ id: 'm-1' }],
    startWorkflowOperation,
  });
  expect(answer).toMatchObject({ kind: 'denied', reason: 'not-now' });
  expect(await resultOf(await startWorkflowOperation.workflowHandle())).toMatchObject({ kind: 'not-opened' });
});

test('a document that arrives before its claim is open waits for it, and counts once (fault 20)', async () => {
  const notice = aNotice({}, await now());
  const number = claimNumber(notice.source, notice.reference);
  const arrival = signStatement(testSigning, {
    claim: number,
    act: 'document-arrived',
    id: 'early',
    at: (await now()).toISOString(),
    by: { kind: 'system' },
    fields: { document: 'driving-licence', attachment: sha },
  });
  const handle = await stage.client.workflow.signalWithStart('claim', {
    workflowId: workflowIdOf(number),
    taskQueue: 'claims',
    args: [notice],
    signal: reportSignal('document-arrived'),
    signalArgs: [arrival],
  });
  await handle.signal(reportSignal('document-arrived'), arrival);
  const claim = stage.claimOf(number);
  const { documents } = await claim.until(
    'acknowledged, with the document',
    (state) => state.acknowledged && state.documents['driving-licence'] !== undefined,
  );
  expect(documents['driving-licence']).toMatchObject({ state: 'received', attachments: [sha] });
  expect((await kindsOf(claim)).filter((kind) => kind === 'document-received')).toHaveLength(1);
  expect(await denialsOf(claim)).toEqual([]);
  await survey(claim);
  await ends(claim);
});

test('started by hand under another id the claim runs under its own; again, and after it has closed, it is filed already', async () => {
  const notice = aNotice({}, await now());
  const number = claimNumber(notice.source, notice.reference);
  expect(await resultOf(await starts(notice))).toEqual({ kind: 'filed', claim: number });
  const claim = stage.claimOf(number);
  await claim.until('opened', ({ acknowledged }) => acknowledged);
  expect(await resultOf(await starts(notice))).toEqual({ kind: 'already-filed', claim: number });
  await survey(claim);
  await ends(claim);

  const entries = (await claim.journal()).length;
  expect(await resultOf(await starts(notice))).toEqual({ kind: 'already-filed', claim: number });
  expect(await resultOf(await starts(notice, workflowIdOf(number)))).toEqual({
    kind: 'already-filed',
    claim: number,
  });
  expect((await claim.journal()).length).toBe(entries);
  expect(await sentOf(claim, 'acknowledgement')).toHaveLength(2);
});

test('two notices with the same number that are started by hand at once are two claims, each found again under its own', async () => {
  const notices = await Promise.all((sameNumber[0] ?? []).map(async (name) => aNotice(name, await now())));
  const results = await Promise.all(notices.map(async (notice) => resultOf(await starts(notice))));
  expect(results).toEqual(notices.map(() => ({ kind: 'filed', claim: expect.any(String) })));
  const numbers = results.map((result) => ('claim' in result ? result.claim : ''));
  expect(new Set(numbers).size).toBe(2);
  for (const [index, notice] of notices.entries()) {
    const claim = stage.claimOf(numbers[index] ?? '');
    await claim.until('opened', ({ acknowledged }) => acknowledged);
    expect(await noticeOf(stage.database, testKeyring(), claim.number)).toMatchObject({
      reference: notice.reference,
    });
    expect(await resultOf(await starts(notice))).toEqual({ kind: 'already-filed', claim: claim.number });
  }
});

test("a notice that is started under the number of another one's closed claim runs under its next, and leaves that one alone", async () => {
  const [first, second] = await Promise.all(
    (sameNumber[1] ?? []).map(async (name) => aNotice(name, await now())),
  );
  const [number = '', next = ''] = numbersOf(second?.source ?? '', second?.reference ?? '');
  await starts(first, workflowIdOf(number));
  const claim = stage.claimOf(number);
  await claim.until('opened', ({ acknowledged }) => acknowledged);
  await survey(claim);
  await ends(claim);
  const entries = (await claim.journal()).length;
  expect(await resultOf(await starts(second, workflowIdOf(number)))).toEqual({ kind: 'filed', claim: next });
  await stage.claimOf(next).until('opened', ({ acknowledged }) => acknowledged);
  expect((await claim.journal()).length).toBe(entries);
  expect(await resultOf(await starts(second, workflowIdOf(number)))).toEqual({
    kind: 'already-filed',
    claim: next,
  });
});

test('of two notices that are kept under one number in the same moment the records take one, and the other runs under its next', async () => {
  const [first, second] = await Promise.all(
    (sameNumber[2] ?? []).map(async (name) => aNotice(name, await now())),
  );
  const [number = '', next = ''] = numbersOf(second?.source ?? '', second?.reference ?? '');
  const isBlocked = async (): Promise<boolean> =>
    (await stage.database.$queryRaw<unknown[]>`select 1 from pg_locks where not granted`).length > 0;
  const handle = await stage.database.$transaction(
    async (transaction) => {
      await transaction.notice.create({
        data: {
          claim: number,
          source: first?.source ?? '',
          reference: first?.reference ?? '',
          party: 'party-1',
          sealed: 'sealed',
          at: await now(),
        },
      });
      const started = await starts(second, workflowIdOf(number));
      await eventually('the second waits for the first', isBlocked);
      return started;
    },
    { timeout: 15_000 },
  );
  expect(await resultOf(handle)).toEqual({ kind: 'filed', claim: next });
  expect(await stage.database.party.count({ where: { claim: number } })).toBe(0);
  expect(await noticeOf(stage.database, testKeyring(), next)).toMatchObject({
    reference: second?.reference,
  });
});

test('journal, states, expectations, ledger, histories and logs of all that hold no personal data', async () => {
  expect(await placesInRecords(personalValues, stage.database)).toEqual([]);
  for (const { claim } of stage.claims.slice(0, 3)) expect(await placesOf(personalValues, claim)).toEqual([]);
  expect(personalValues.filter((word) => stage.logs.some((line) => line.includes(word)))).toEqual([]);
  expect(await placesInRecords(['claim-opened'], stage.database)).not.toEqual([]);
});
