import type { Provider } from '../signed-payload.ts';
import { undeliverableWhys } from '../messages/notifications.ts';
import { matching, ofKind, objectOf, type Reader, type ReadParts } from '../shape.ts';
import { isOffset } from '../time/calendar.ts';
import { isLocalDate, type LocalDate } from '../time/time.ts';
import {
  choice,
  claimNumber,
  code,
  document,
  id,
  item,
  moment,
  needed,
  notification,
  onRecord,
  optional,
  party,
  sha256,
  staffCode,
  words,
  type Field,
  type Fields,
} from './fields.ts';
import { deliveryOutcomes } from './journal.ts';

const offset: Field<string> = {
  is: 'code',
  help: 'a duration such as PT1H',
  reader: matching(
    (value): value is string => typeof value === 'string' && isOffset(value),
    'a duration such as PT1H',
  ),
};

const lastDay: Field<LocalDate> = {
  is: 'day',
  help: 'the last day of an absence, such as 2026-11-27',
  reader: matching(isLocalDate, 'a day such as 2026-11-27'),
};

/** One fact from outside. Its key is its name everywhere. */
interface Row<F extends Fields> {
  description: string;
  /** Who may report it. The door checks their signature, or a keyed address, and then signs the report. */
  from: readonly Reporter[];
  fields: F;
}

/** `system`: sweeps and counters of our own. */
export type Reporter = Provider | 'system';

const report = <F extends Fields>(row: Row<F>): Row<F> => row;

const payment = id('the payment as the payment order names it');

/** Facts from outside. Each is a signal; the key is its name. */
export const reports = {
  'document-arrived': report({
    from: ['system'],
    description: 'A document has arrived (upload, post); attachment: its SHA-256',
    fields: {
      item: optional(item),
      document: needed(document),
      attachment: needed(sha256('the SHA-256 of the file')),
    },
  }),
  'bank-confirmed': report({
    from: ['bank'],
    description: 'The bank has paid',
    fields: { payment: needed(payment), reference: needed(code('the reference of the bank')) },
  }),
  'bank-returned': report({
    from: ['bank'],
    description: 'The bank has returned a payment',
    fields: { payment: needed(payment), reason: needed(code('the reason code of the bank')) },
  }),
  /**
   * `why` is absent where the same text may arrive at another time; `again` says after how long. `arrived` is
   * the time that the provider reports.
   */
  'delivery-reported': report({
    from: ['sms', 'mail', 'system'],
    description: 'A provider reports that a message arrived, or that it did not',
    fields: {
      notification: needed(notification),
      outcome: needed(choice('how the delivery ended', deliveryOutcomes)),
      arrived: needed(moment),
      code: optional(code('the code of the provider')),
      why: optional(choice('why it did not arrive', undeliverableWhys)),
      again: optional(offset),
    },
  }),
  'contact-turned-out': report({
    from: ['sms', 'mail', 'system'],
    description: 'A telephone or mailbox is lost (opted out, unusable) or restored',
    fields: {
      party: needed(party),
      channel: needed(choice('the channel', ['sms', 'email'])),
      standing: needed(choice('whether it is lost or restored', ['lost', 'restored'])),
      code: needed(code('the code of the provider')),
    },
  }),
  'text-arrived': report({
    from: ['sms'],
    description: 'A party has written to us; note: where the text is kept, and its hash',
    fields: { party: needed(party), note: needed(words('what the party has written')) },
  }),
  'related-claim': report({
    from: ['system'],
    description: 'Another claim may be of the same loss',
    fields: { other: needed(claimNumber) },
  }),
  'policy-changed': report({
    from: ['system'],
    description: 'The policy was corrected, or its source was asked; cover is checked anew',
    fields: {
      policy: needed(code('the number of the policy')),
      found: optional(choice('whether its source has the policy', ['yes', 'no'])),
    },
  }),
  /** `as`: the one who takes over, as the records knew them when it was signed. */
  'handler-left': report({
    from: ['system'],
    description: 'The handler or surveyor has left the company, and somebody takes over',
    fields: {
      left: needed(staffCode),
      role: needed(choice('the role that they take over', ['handler', 'surveyor'])),
      to: needed(staffCode),
      as: needed(onRecord),
    },
  }),
  /** `until` is absent while nobody knows; without `deputy` nobody stands in. */
  'handler-away': report({
    from: ['system'],
    description: 'The handler of a major claim is away; who stands in, and until when',
    fields: { handler: needed(staffCode), deputy: optional(staffCode), until: optional(lastDay) },
  }),
  'handler-back': report({
    from: ['system'],
    description: 'The handler of a major claim is back',
    fields: { handler: needed(staffCode) },
  }),
};

type Reports = typeof reports;
export type ReportName = keyof Reports;

/** A fact from outside. */
export type ReportCommand = { [N in ReportName]: { kind: N } & ReadParts<Reports[N]['fields']> }[ReportName];

export const isReportName = (name: string): name is ReportName => name in reports;
export const reportNames: readonly ReportName[] = Object.keys(reports).filter(isReportName);

/** Reads the fields of a signal, without its id. */
export function reportReader(name: ReportName): Reader<ReportCommand>;
export function reportReader(name: ReportName): Reader<object> {
  return ofKind(name, objectOf<Fields>(reports[name].fields));
}
