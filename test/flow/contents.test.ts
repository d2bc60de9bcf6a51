import { randomUUID } from 'node:crypto';
import { openStage, type Stage } from '../support/stage.ts';
import { bankPays, because, brings, stands } from '../support/steps.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  const [validFrom, validTo] = [new Date('2020-01-01T00:00:00Z'), new Date('2090-01-01T00:00:00Z')];
  await stage.database.policy.create({
    data: {
      number: 'US-1',
      line: 'contents',
      jurisdiction: 'US',
      branch: 'washington',
      currency: 'USD',
      validFrom,
      validTo,
      objects: { contents: { sumInsuredMinor: 100_000_000, excessMinor: 0 } },
    },
  });
  await stage.database.person.createMany({
    data: (['surveyor', 'handler', 'verifier'] as const).map((role) => ({
      code: `US-${role}`,
      name: role,
      email: `${role}@staff.example`,
      roles: [role],
      branch: 'washington',
      limits: {},
      conflicts: [],
    })),
  });
});
afterAll(() => stage.close());

const files = async (claimed: string) =>
  stage.files({
    source: 'tsa',
    reference: randomUUID(),
    policy: 'US-1',
    lossAt: new Date((await stage.env.currentTimeMs()) - 3_600_000).toISOString(),
    place: 'Boston',
    description: 'Lost: Cameras.',
    parties: [
      { role: 'insured', name: 'Claimant', email: 'claimant@example.com', account: '123456780123456789' },
    ],
    items: [{ object: 'contents', party: 'insured', claimed }],
  });

const waitingFor = async (claimed: string): Promise<string[]> => {
  const { expectations } = await (
    await files(claimed)
  ).until('sent', ({ cover, outbox }) => cover !== undefined && outbox.length === 0);
  return expectations.map(({ id }) => id).toSorted();
};

test('nobody goes to look at belongings of up to $5,000; proof of ownership is asked for above $500', async () => {
  const [photo, proof] = ['document:item-1:damage-photo', 'document:item-1:proof-of-ownership'];
  expect(await waitingFor('500.00')).toEqual([photo]);
  expect(await waitingFor('500.01')).toEqual([photo, proof]);
  expect(await waitingFor('5000.00')).toEqual([photo, proof]);
  expect(await waitingFor('5000.01')).toEqual([photo, proof, 'survey']);
});

test("a claimant who says nothing of it is written to in the language and by the clock of the policy's jurisdiction", async () => {
  const { number: claim } = await files('450.00');
  expect(await stage.database.party.findFirstOrThrow({ where: { claim } })).toMatchObject({
    locale: 'en',
    timeZone: 'America/New_York',
  });
});

test('lost belongings are paid in dollars without a survey, and the claimant hears of each step in English', async () => {
  const before = stage.email.sent.length;
  const claim = await files('450.00');
  await claim.until('sent', ({ cover, outbox }) => cover !== undefined && outbox.length === 0);
  await brings(claim, 'damage-photo', 'item-1', 'US-handler');
  await claim.until('ready to assess', ({ expectations }) =>
    expectations.some(({ id }) => id === 'assess:item-1'),
  );
  expect(
    await claim.does('US-handler', 'assess', {
      item: 'item-1',
      amountMinor: 40_000,
      ...because(45_000, 40_000),
    }),
  ).toMatchObject({ kind: 'recorded' });
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
  const { orders } = stage.bank;
  expect(orders.at(-1)).toMatchObject({ amount: { currency: 'USD', minor: 40_000 } });
  const kinds = (await claim.journal()).map(({ kind }) => kind);
  expect(kinds).not.toContain('survey-reported');
  expect(await claim.notified()).toEqual([
    'acknowledgement/email → party-1',
    'receipt-issued/email → party-1',
    'assessed/email → party-1',
    'payment-approved/email → party-1',
    'paid/email → party-1',
    'claim-closed/email → party-1',
  ]);
  const mails = stage.email.sent.slice(before).map(({ subject, text }) => `${subject}\n${text}`);
  for (const mail of mails) expect(mail).not.toMatch(/vehicle|accident|\p{Script=Han}/u);
  expect(mails.some((mail) => mail.includes('$400.00'))).toBe(true);
});

test('a survey that was waived and no photograph: a person verifies before the rules pay (S12)', async () => {
  const claim = await files('450.00');
  await brings(claim, 'loss-report', 'item-1', 'US-handler');
  await stands(claim, 'assess:item-1');
  await claim.does('US-handler', 'assess', { item: 'item-1', amountMinor: 45_000 });
  await stands(claim, 'verify:item-1');
  expect(await claim.does('US-verifier', 'verify', { item: 'item-1', version: 1 })).toMatchObject({
    kind: 'recorded',
  });
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
});
