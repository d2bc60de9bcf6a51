import type { PolicySourceAnswer } from '../../../providers/ports.ts';
import { aNotice } from '../../support/notices.ts';
import { keepUnit, policyRow } from '../../support/policy-rows.ts';
import { openOffice, until, type Office } from './office.ts';

let office: Office;
/** What the source answers; without an entry it has no such policy. */
const answers: Record<string, PolicySourceAnswer> = {};

beforeAll(async () => {
  const policySource = { ask: async (number: string) => answers[number] ?? ({ kind: 'unknown' } as const) };
  office = await openOffice({ policySource });
  await keepUnit(office.database);
});
afterAll(() => office.close());

const files = (policy: string) =>
  office.ask('H-101', 'POST', '/claims', aNotice({ policy, reference: `ref-${policy}` }));
const shown = async (claim: string) => (await office.ask('C-301', 'GET', `/claims/${claim}`)).body;
const waits = (body: { waitingOn: { what: string }[] }): boolean =>
  body.waitingOn.some(({ what }) => what === 'the policy from its source');

test('a policy that the book lacks comes from its source at filing; one that nobody has is a mistake', async () => {
  answers['S-1'] = { kind: 'found', rows: [policyRow('S-1')] };
  const filed = await files('S-1');
  expect(filed).toMatchObject({ status: 201, body: { kind: 'filed' } });
  expect(filed.body.coverWaits).toBeUndefined();
  expect(
    (
      await until(
        () => shown(filed.body.claim),
        ({ cover }) => cover !== null,
      )
    ).cover,
  ).toBe('covered');
  expect(await files('S-0')).toMatchObject({ status: 422, body: { field: 'policy' } });
});

test('while the source is away claims are filed and wait; then each learns what it has', async () => {
  answers['S-2'] = { kind: 'away', code: 'http-503' };
  answers['S-3'] = { kind: 'away', code: 'http-503' };
  const [late, never] = [await files('S-2'), await files('S-3')];
  for (const { status, body } of [late, never]) {
    expect([status, body.coverWaits]).toEqual([201, true]);
    expect(waits(await until(() => shown(body.claim), waits))).toBe(true);
  }
  const health = await office.ask('O-951', 'GET', '/health');
  expect(health.body.parts).toContainEqual({ name: 'policy source', ok: true });
  answers['S-2'] = { kind: 'found', rows: [policyRow('S-2')] };
  answers['S-3'] = { kind: 'unknown' };
  expect(
    (
      await until(
        () => shown(late.body.claim),
        ({ cover }) => cover !== null,
      )
    ).cover,
  ).toBe('covered');
  const refused = await until(
    () => shown(never.body.claim),
    (body) => body.cover !== null,
  );
  expect([refused.cover, waits(refused)]).toEqual(['not-covered', false]);
});

test('a correction to a policy that the source alone has takes it', async () => {
  answers['S-4'] = { kind: 'found', rows: [policyRow('S-4')] };
  const { body } = await files('S-1');
  const correct = (policy: string) =>
    office.ask('C-301', 'POST', `/claims/${body.claim}/acts/correct-claim`, { policy });
  expect((await correct('S-5')).status).toBe(422);
  expect((await correct('S-4')).status).toBe(200);
});
