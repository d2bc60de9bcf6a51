import { reasonNotSent } from '../../../domain/messages/reasons.ts';
import type { Shown } from '../../../client/own-api/schemas/claims.ts';
import { claimPage } from '../../../client/cli/pages/claim-page.ts';
import { namesFrom } from '../../../client/cli/staff-names.ts';
import { localTime } from '../../../client/cli/input/times.ts';
import { aShownClaim } from '../../support/api-answers.ts';

const at = '2026-11-27T08:00:00.000Z';
const morning = '2026-11-28T00:00:00.000Z';
const sms = { id: 'paid-1-sms', kind: 'paid', channel: 'sms', to: 'party-1' };

const pageOf = (change: Partial<Shown>): string =>
  claimPage(
    aShownClaim(change),
    namesFrom([
      { code: 'C-301', name: '郭丽娜' },
      { code: 'S-201', name: '丁立军' },
    ]),
  );

it('says policy, time of loss, and who handles and surveys by name', () => {
  const page = pageOf({});
  expect(page).toContain(`Policy LK25-000101, loss at ${localTime(at)}`);
  expect(page).toContain('Handler C-301 郭丽娜, surveyor S-201 丁立军');
});

it('a claim that waits for nobody says what it does instead', () => {
  expect(pageOf({})).toContain('Waits for nobody: it is taking its next step.');
  expect(pageOf({ unsent: [sms] })).toContain('Waits for nobody. It has 1 message to send.');
  const night = pageOf({ unsent: [sms, { ...sms, id: 'paid-2-sms', notBefore: morning }] });
  expect(night).toContain(
    `Waits for nobody. It has 2 messages to send, the last not before ${localTime(morning)}.`,
  );
  expect(night).toMatch(/paid-2-sms +party-1 +to be sent +not before /);
});

it('a promise stands beside the chase that it puts off, and what the providers said beside a state', () => {
  const owed = { from: 'customer', what: 'driving-licence', since: at, due: at, promised: morning };
  expect(pageOf({ waitingOn: [{ ...owed, next: { do: 'chase', at: morning } }] })).toContain(
    `promised by ${localTime(morning)}`,
  );
  const withState = (state: string, errorCode: string) =>
    pageOf({ notifications: [{ ...sms, state, at, errorCode }] });
  expect(withState('suppressed', 'enough-today')).toContain(
    `suppressed: ${reasonNotSent('enough-today')?.says}`,
  );
  expect(withState('undeliverable', '30003')).toContain('undeliverable (30003)');
});

it('says with what the claim is counted together, and that the rules release nothing where there is more', () => {
  const other = { claim: 'L7K3M-9Q2X4', total: '4900.00', likelyDuplicate: true, finding: null };
  const page = pageOf({
    related: [{ ...other, why: ['person', 'policy'] }],
    moreRelated: { claims: 3, total: '600.00' },
  });
  expect(page).toContain(
    'Counted together with L7K3M-9Q2X4 (person, policy): CNY 4900.00; likely a duplicate: compare\n' +
      'Counted together with 3 further claims: CNY 600.00; the rules release nothing',
  );
});
