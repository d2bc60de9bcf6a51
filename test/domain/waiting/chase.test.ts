import {
  act,
  anInsuredVehicle,
  aPolicyholder,
  aThirdParty,
  aThirdPartyVehicle,
  ClaimUnderTest,
  handler,
  operator,
  supervisor,
  aNote,
} from '../../support/builders.ts';

const day = (instant: string | undefined): string | undefined => instant?.slice(0, 10);

test('one notification lists everything that a party owes at once (S5)', () => {
  const subject = ClaimUnderTest.covered({
    items: [anInsuredVehicle({ claimed: 6000 }), aThirdPartyVehicle()],
  });
  const [first] = subject.claim.outbox.filter(({ kind }) => kind === 'acknowledgement');
  expect(first?.facts.documents?.map(({ kind }) => kind)).toEqual([
    'driving-licence',
    'police-determination',
    'repair-invoice',
  ]);
  const [other] = subject.claim.outbox.filter(({ kind }) => kind === 'documents-needed');
  expect(other?.facts.documents).toEqual([{ kind: 'repair-invoice', item: 'item-2' }]);
});

test('the licence is chased after three days, the police determination only after the police clock and its ladder (S2)', () => {
  const subject = ClaimUnderTest.covered();
  expect(day(subject.expecting('document:claim:driving-licence')?.next.at)).toBe('2026-11-26');
  // 13 working days after Sunday 2026-11-22 is Wednesday 2026-12-09; three days later the first chase.
  expect(day(subject.expecting('document:claim:police-determination')?.notBefore)).toBe('2026-12-09');
  expect(day(subject.expecting('document:claim:police-determination')?.next.at)).toBe('2026-12-12');
});

test('the ladder climbs from SMS to email, call, supervisor and formal letter, and the last rung repeats', () => {
  const subject = ClaimUnderTest.covered({ parties: [aPolicyholder(), aThirdParty()] });
  subject
    .does(handler, { kind: 'add-document', document: 'police-determination', attachment: 's' })
    .does(handler, { kind: 'accept-document', document: 'police-determination' });
  subject.take({ kind: 'document-arrived', document: 'other', attachment: 'x' });
  const licence = (): string | undefined => subject.expecting('document:claim:driving-licence')?.next.do;
  const climbed: string[] = [];
  while (climbed.length < 6) {
    const rung = licence();
    const at = subject.expecting('document:claim:driving-licence')?.next.at;
    const { at: now, notified } = subject.chase();
    if (now === at) climbed.push(`${day(now)} ${rung} ${notified.join()}`);
    // While one letter waits to be posted no other is written.
    for (const { id } of subject.claim.outbox.filter(({ channel }) => channel === 'letter')) {
      subject.take({ kind: 'notification-ended', notification: id, outcome: { kind: 'accepted' } });
      subject.does(operator, { kind: 'post-letter', notification: id });
    }
  }
  expect(climbed).toEqual([
    '2026-11-26 chase documents-reminder/sms',
    '2026-11-30 chase documents-reminder/email',
    '2026-12-03 call ',
    '2026-12-07 escalate ',
    '2026-12-23 write formal-notice/letter',
    '2027-01-08 write formal-notice/letter',
  ]);
});

test('a promised Friday pauses the ladder until Friday is over, and a broken promise leads to the next rung', () => {
  const subject = ClaimUnderTest.covered();
  for (let rungs = 0; !subject.expecting('call:party-1') && rungs < 20; rungs += 1) subject.chase();
  subject.does(handler, {
    kind: 'record-call',
    party: 'party-1',
    outcome: 'busy-will-go-later',
    promised: '2026-12-11',
    documents: ['driving-licence'],
  });
  expect(subject.expecting('call:party-1')).toBeUndefined();
  // Friday ends at 16:00 UTC in Shanghai, and the rung is taken then: a message to the party would wait for
  // its morning, an escalation to the supervisor waits for nothing.
  expect(subject.expecting('document:claim:driving-licence')).toMatchObject({
    promised: '2026-12-11T16:00:00.000Z',
    next: { do: 'escalate', at: '2026-12-11T16:00:00.000Z' },
  });
  subject.chase();
  while (subject.now < '2026-12-12T00:00:00.000Z') subject.chase();
  expect(subject.expecting('escalation:supervisor:document:claim:driving-licence')).toBeDefined();
});

test('"busy" without a date is refused, and so is a date that has passed', () => {
  const subject = ClaimUnderTest.covered();
  expect(
    subject.asks(handler, { kind: 'record-call', party: 'party-1', outcome: 'busy-will-go-later' }),
  ).toMatchObject({ reason: 'malformed' });
  expect(
    subject.asks(handler, {
      kind: 'record-call',
      party: 'party-1',
      outcome: 'busy-will-go-later',
      promised: '2026-11-20',
    }),
  ).toMatchObject({ reason: 'malformed' });
});

test('a document that arrives ends its ladder, its call and its escalation by itself', () => {
  const subject = ClaimUnderTest.covered();
  subject
    .does(handler, { kind: 'add-document', document: 'police-determination', attachment: 's' })
    .does(handler, { kind: 'accept-document', document: 'police-determination' });
  while (!subject.expecting('escalation:supervisor:document:claim:driving-licence')) subject.chase();
  expect(subject.expecting('call:party-1')).toBeDefined();
  subject.take({ kind: 'document-arrived', document: 'driving-licence', attachment: 'sha' });
  expect(
    subject.claim.expectations.filter(({ id }) => /driving-licence|call:/.test(id)).map(({ id }) => id),
  ).toEqual(['check:claim:driving-licence']);
});

test('a late survey is escalated to handler, supervisor and manager in turn, each once, and its arrival resolves all', () => {
  const subject = ClaimUnderTest.covered();
  while (subject.now < '2026-12-04') subject.chase();
  expect(
    subject.claim.expectations
      .filter(({ what }) => what === 'stalled: survey')
      .map(({ since, from }) => `${day(since)} ${from}`),
  ).toEqual(['2026-11-25 handler', '2026-11-27 supervisor', '2026-11-29 manager']);
  subject.does(
    { ...supervisor, code: 'S-201', roles: ['surveyor'] },
    { kind: 'report-survey', onScene: true, findings: aNote() },
  );
  expect(subject.claim.expectations.filter(({ id }) => id.includes('survey'))).toEqual([]);
});

test("a rung is taken at its time, by night too: its message waits for the reader's own morning", () => {
  const night = new ClaimUnderTest(undefined, '2026-11-23T15:30:00.000Z'); // half past eleven at night in Shanghai
  night.take({ kind: 'acknowledge' });
  expect(night.expecting('document:claim:driving-licence')?.next.at).toBe('2026-11-26T15:30:00.000Z');
});

test('a server that slept for a month takes one rung, not all that it missed', () => {
  const subject = ClaimUnderTest.covered();
  subject.now = '2026-12-25T02:00:00.000Z';
  subject.take({ kind: 'take-rungs' });
  const { rung, next } = subject.expecting('document:claim:driving-licence') ?? {
    rung: -1,
    next: { at: '' },
  };
  expect(rung).toBe(1);
  expect(day(next.at)).toBe('2026-12-29');
});

test('from the first rung after the police clock on, the customer owes what police have made (S2)', () => {
  const subject = ClaimUnderTest.covered();
  const open = () => subject.expecting('document:claim:police-determination');
  expect(open()?.from).toBe('police');
  while (subject.now < (open()?.notBefore ?? '')) subject.chase();
  while (open()?.rung === 0) subject.chase();
  expect(open()?.from).toBe('customer');
});

test('a chase leaves out what is promised and what cannot exist yet', () => {
  const subject = ClaimUnderTest.covered({ items: [anInsuredVehicle({ claimed: 6000 })] });
  subject.does(handler, act.calls('reached', '2026-12-11', ['driving-licence']));
  subject.now = '2026-11-26T02:00:00.000Z';
  subject.take({ kind: 'take-rungs' });
  expect(subject.claim.outbox.findLast(({ kind }) => kind === 'documents-reminder')?.facts.documents).toEqual(
    [{ kind: 'repair-invoice', item: 'item-1' }],
  );
});
