import { createHash } from 'node:crypto';
import { drawSample } from '../../../records/claims/sample.ts';
import { connectDatabase, type Database } from '../../../records/database.ts';
import { ownDatabase } from '../../support/runtime.ts';

let database: Database;
const day = (index: number): Date => new Date(Date.UTC(2026, 9, 1 + index));
const numbers = Array.from({ length: 40 }, (_, index) => `L0000-${String(index).padStart(5, '0')}`);
beforeAll(async () => {
  database = connectDatabase(await ownDatabase());
  await database.claim.createMany({
    data: numbers.map((number, index) => ({
      number,
      line: index % 2 === 0 ? 'motor' : 'home',
      jurisdiction: 'CN',
      branch: 'longkou',
      stage: 'closed',
      stageSince: day(index),
      outcome: index === 39 ? null : 'paid',
      handler: 'C-301',
      surveyor: 'S-201',
      urgency: 'normal',
      claimedMinor: 480_000,
      currency: 'CNY',
      openedAt: day(index),
      lastContactAt: day(index),
      seq: 1,
      state: {},
    })),
  });
});
afterAll(() => database.$disconnect());

const all = { closedTo: '2027-01-01T00:00:00.000Z' };
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const drawn = async (count: number, seed: string, of = all): Promise<string[]> =>
  (await drawSample(database, of, { count, seed })).claims.map(({ claim }) => claim);

test('the same seed and claims give the same sample, which anybody computes from the numbers alone (S13)', async () => {
  const closed = numbers.slice(0, 39);
  const order = (seed: string): string[] =>
    closed.toSorted((one, other) => (sha256(`${seed}\n${one}`) < sha256(`${seed}\n${other}`) ? -1 : 1));
  expect(await drawn(5, 'a-seed')).toEqual(order('a-seed').slice(0, 5));
  expect(await drawn(12, 'a-seed')).toEqual(order('a-seed').slice(0, 12));
  expect(await drawn(100, 'other')).toEqual(order('other'));
  expect(await drawSample(database, all, { count: 1, seed: 'a-seed' })).toMatchObject({
    population: 39,
    populationHash: sha256(closed.join('\n')),
    claims: [{ outcome: 'paid', currency: 'CNY', claimed: '4800.00', paid: '0.00' }],
  });
});

test('it is drawn from the claims that were asked for, and from none that is open', async () => {
  const home = { ...all, line: 'home', closedFrom: '2026-10-11T00:00:00.000Z' };
  const sample = await drawSample(database, home, { count: 100, seed: 's' });
  expect(sample.population).toBe(sample.claims.length);
  expect(sample.claims.map(({ claim }) => claim).toSorted()).toEqual(
    numbers.filter((_, index) => index % 2 === 1 && index >= 10 && index < 39),
  );
  const none = { ...all, branch: 'nowhere' };
  expect(await drawSample(database, none, { count: 1, seed: 's' })).toEqual({
    population: 0,
    populationHash: sha256(''),
    claims: [],
  });
});
