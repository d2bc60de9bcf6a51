import { openClaim, decide } from '../../../domain/claim/decide.ts';
import {
  brokenParts,
  brokenPartsIn,
  isAskedFor,
  partNames,
  problemId,
  problemInWords,
} from '../../../domain/claim/problems.ts';
import { attributesOf } from '../../../domain/claim/view.ts';
import { anOpening, handler, noticedAt, operator, rules } from '../../support/builders.ts';
import type { Claim } from '../../../domain/claim/claim.ts';
import type { Command } from '../../../domain/claim/commands.ts';
import { present } from '../../../domain/present.ts';

const world = { now: noticedAt, rules };
const opened = openClaim(anOpening(), world).claim;

function after(claim: Claim, ...commands: Command[]): Claim {
  return commands.reduce((state, command) => {
    const decision = decide(state, command, world);
    if (decision.kind === 'denied') throw new Error(decision.sentence);
    return decision.claim;
  }, claim);
}

const raise = (part: keyof typeof brokenParts, place: string): Command => ({
  kind: 'raise-problem',
  problem: problemId(part, place),
  what: problemInWords(part, 'ladders/motor@1'),
});
const retry = (problem?: string): Command => ({
  kind: 'retry',
  ...present({ problem }),
  person: operator,
  issuedAt: noticedAt,
});

test('every part has a name and words that no other part\u2019s words begin with', () => {
  expect(partNames.toSorted()).toEqual(Object.keys(brokenParts).toSorted());
  for (const part of partNames)
    expect(brokenPartsIn(problemInWords(part, 'ladders/motor@1'))).toEqual([part]);
  expect(brokenPartsIn('the bank returned X after it had confirmed it')).toEqual([]);
});

test('several broken parts all show, and are found again by what shows; the words fit a keyword', () => {
  const claim = after(
    opened,
    raise('bank', 'item-1'),
    raise('records', 'entries'),
    raise('records', 'cover'),
  );
  expect(attributesOf(claim).problem).toBe('the bank does not take payments; the records cannot be reached');
  expect(brokenPartsIn(attributesOf(claim).problem ?? '')).toEqual(['records', 'bank']);
  const everything = after(opened, ...partNames.map((part) => raise(part, 'entries')));
  expect(attributesOf(everything).problem?.length).toBeLessThanOrEqual(255);
});

test('the same part at the same place is one problem; a retry is by id, by part, or of all', () => {
  const claim = after(
    opened,
    raise('bank', 'item-1'),
    raise('bank', 'item-1'),
    raise('bank', 'item-2'),
    raise('sms', 'messages'),
  );
  expect(claim.problems.map(({ id }) => id)).toEqual(['bank:item-1', 'bank:item-2', 'sms:messages']);
  expect(after(claim, retry('bank:item-1')).problems.map(({ id }) => id)).toEqual([
    'bank:item-2',
    'sms:messages',
  ]);
  expect(after(claim, retry('bank')).problems.map(({ id }) => id)).toEqual(['sms:messages']);
  expect(after(claim, retry()).problems).toEqual([]);
  expect(isAskedFor({ id: 'bank:item-10' }, 'bank:item-1')).toBe(false);
  expect(decide(claim, retry('email'), world)).toMatchObject({ kind: 'denied', reason: 'not-now' });
});

test('a closed claim whose last messages are blocked shows it, and resumes when asked; nothing else is taken', () => {
  const closed = after(
    opened,
    { kind: 'acknowledge' },
    { kind: 'withdraw', person: handler, issuedAt: noticedAt },
    { kind: 'close' },
    raise('records', 'entries'),
  );
  expect(closed.expectations.map(({ id, from }) => [id, from])).toEqual([
    ['problem:records:entries', 'operations'],
  ]);
  expect(
    decide(closed, { kind: 'cancel-withdrawal', person: handler, issuedAt: noticedAt }, world),
  ).toMatchObject({
    reason: 'claim-closed',
  });
  const alreadyResumed = after(closed, retry('records'));
  expect([alreadyResumed.problems, alreadyResumed.expectations]).toEqual([[], []]);
  expect(decide(alreadyResumed, retry(), world)).toMatchObject({ reason: 'claim-closed' });
});
