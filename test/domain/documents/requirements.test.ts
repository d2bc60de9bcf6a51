import { missingDocuments, requiredDocuments } from '../../../domain/documents/requirements.ts';
import {
  anInsuredVehicle,
  aThirdPartyVehicle,
  ClaimUnderTest,
  handler,
  pack,
  sure,
} from '../../support/builders.ts';

test.each([
  ['at the limit the invoice is waived', anInsuredVehicle({ claimed: 5000 }), false],
  ['one fen below the limit it is waived', anInsuredVehicle({ claimed: 4999.99 }), false],
  ['one fen above it is asked for', anInsuredVehicle({ claimed: 5000.01 }), true],
  ['a third party always brings it', aThirdPartyVehicle({ claimed: 0.01 }), true],
])('repair invoice: %s (S3)', (_, opened, asked) => {
  const { claim } = ClaimUnderTest.covered({ items: [opened] });
  expect(
    requiredDocuments(claim, sure(claim.items[0]), pack).some(({ kind }) => kind === 'repair-invoice'),
  ).toBe(asked);
});

test('a received document still counts as missing, a rejected one again, an accepted one no more (S4)', () => {
  const subject = ClaimUnderTest.covered();
  const state = (): string | undefined =>
    missingDocuments(subject.claim, subject.item(), pack).find(({ rule }) => rule.kind === 'driving-licence')
      ?.state;
  expect(state()).toBe('owed');
  subject.does(handler, { kind: 'add-document', document: 'driving-licence', attachment: 'sha' });
  expect(state()).toBe('received');
  subject.does(handler, { kind: 'reject-document', document: 'driving-licence', reason: 'unreadable' });
  expect(state()).toBe('rejected');
  subject.does(handler, { kind: 'add-document', document: 'driving-licence', attachment: 'sha-2' });
  subject.does(handler, { kind: 'accept-document', document: 'driving-licence' });
  expect(state()).toBeUndefined();
});

test.each(['police-determination', 'self-negotiated-agreement', 'accident-certificate'])(
  '%s settles the police determination (S2)',
  (kind) => {
    const subject = ClaimUnderTest.covered();
    subject
      .does(handler, { kind: 'add-document', document: kind, attachment: 'sha' })
      .does(handler, { kind: 'accept-document', document: kind });
    expect(subject.expecting('document:claim:police-determination')).toBeUndefined();
  },
);

test('a document that the line does not know is refused, and the known ones are named', () => {
  const subject = ClaimUnderTest.covered();
  expect(
    subject.asks(handler, { kind: 'add-document', document: 'horoscope', attachment: 'sha' }),
  ).toMatchObject({
    kind: 'denied',
    reason: 'unknown-document',
    sentence: expect.stringContaining('driving-licence'),
  });
});

test('a document for one of two items names its item', () => {
  const subject = ClaimUnderTest.covered({
    items: [anInsuredVehicle({ claimed: 6000 }), aThirdPartyVehicle()],
  });
  expect(
    subject.asks(handler, { kind: 'add-document', document: 'repair-invoice', attachment: 'sha' }),
  ).toMatchObject({ kind: 'denied', reason: 'unknown-item' });
  subject.does(handler, {
    kind: 'add-document',
    item: 'item-2',
    document: 'repair-invoice',
    attachment: 'sha',
  });
  expect(subject.item('item-2').documents).toHaveProperty('repair-invoice.state', 'received');
});
