import { existsSync, openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import type { z } from 'zod';
import { acts, type ActName, type RecordActName } from '../../../domain/claim/acts.ts';
import { inWords } from '../../../domain/people/party-fields.ts';
import { signOffs } from '../../../domain/road/steps.ts';
import { present } from '../../../domain/present.ts';
import type { previewedSchema } from '../../own-api/schemas/messages.ts';
import type { Shown } from '../../own-api/schemas/claims.ts';
import type { ShownItem } from '../../own-api/schemas/items.ts';
import type { Cli } from '../command-action.ts';
import { codesOf } from '../codes.ts';
import { amount, cut, type Cut } from '../input/arguments.ts';
import { zonedTime } from '../input/times.ts';
import { misuse } from '../stop.ts';
import { corrections } from './corrections.ts';
import { fieldsOf, type Extra, type Sent } from './extra.ts';
import { paramsOf } from './params.ts';

/** A person signs off the current version, and the command prints it first. */
const signing = (step: keyof typeof signOffs): Extra => ({
  params: () => fieldsOf(step, 'item'),
  async send({ api, say, named }: Cli, claim: string, { item }: { item: string }) {
    const [{ currency, items }, names] = await Promise.all([api.claim(claim), named()]);
    const assessment = items.find(({ id }) => id === item)?.assessment;
    if (assessment)
      say(`The assessment is ${currency} ${assessment.amount}, made by ${names(assessment.by)}.`);
    return { value: await api.act(claim, step, { item, version: assessment?.version }) };
  },
});

/** A valid hash that no payment has. */
const hashOfNothing = '0'.repeat(64);

/** `CNY 380000.00 to party-1 (policyholder)`. */
function payment({ currency, parties }: Shown, { payable, party }: ShownItem): string {
  const role = parties.find(({ id }) => id === party)?.role;
  return `${currency} ${payable} to ${party}${role ? ` (${role})` : ''}`;
}

type Refusal = { item: string; clause?: string; reason?: string[]; note?: string; preview?: boolean };

/** The messages of an act that was not sent. */
function previewed(messages: z.infer<typeof previewedSchema>): Sent {
  const text = messages
    .map(({ channel, subject, text: body }) => [`By ${channel}:`, subject, body].filter(Boolean).join('\n'))
    .join('\n\n');
  return { value: { kind: 'preview', messages }, text };
}

const own: Partial<Record<ActName | RecordActName, Extra>> = {
  'add-document': {
    params: () => [
      ...fieldsOf('add-document', 'document', 'item'),
      {
        name: 'file',
        place: 'argument',
        needed: true,
        value: 'file',
        help: 'the file: PDF, JPEG or PNG of up to 20 MB',
      },
    ],
    check({ file }: { file: string }) {
      if (!existsSync(file)) throw misuse(`${file} cannot be read: there is no such file.`);
    },
    async send({ api }: Cli, claim: string, given: { document: string; item?: string; file: string }) {
      const { document, item, file } = given;
      const value = await api.addDocument(claim, {
        document,
        item,
        name: basename(file),
        content: await openAsBlob(file),
      });
      if (value.kind === 'recorded') return { value };
      const text =
        `${claim} has closed: ${document} is kept with it, ` +
        'and a supervisor checks whether to reopen it.';
      return { value, text };
    },
  },

  'reject-document': {
    params: () =>
      paramsOf(acts['reject-document'].fields).map((param) =>
        param.name === 'reason' ? { ...param, place: 'option', value: 'code' } : param,
      ),
  },

  'report-survey': {
    params: () =>
      paramsOf(acts['report-survey'].fields).map((param) =>
        param.name === 'findings' ? { ...param, place: 'option' } : param,
      ),
  },

  assess: {
    params: () => [
      ...fieldsOf('assess', 'item'),
      {
        name: 'amount',
        place: 'argument',
        needed: true,
        value: 'amount',
        help: 'assessed amount in the claim’s currency, such as 4800.50',
        parse: amount,
      },
      {
        name: 'cut',
        place: 'option',
        needed: false,
        value: 'reason=amount',
        help:
          'a cut: why the amount is below the claimed amount, such as depreciation=1200.50; ' +
          'without an amount it explains the rest of the difference; may be repeated',
        parse: (written: string, before?: Cut[]) => cut(written, before),
      },
    ],
    async send({ api }: Cli, claim: string, { cut: cuts, ...given }: { cut?: Cut[] }) {
      return { value: await api.act(claim, 'assess', { ...given, cuts }) };
    },
  },

  approve: {
    params: () => [
      ...fieldsOf('approve', 'item'),
      {
        name: 'of',
        place: 'option',
        needed: false,
        value: 'hash',
        help: 'hash of the payment that was checked (default: the current one)',
      },
    ],
    /** If there is nothing to approve, the claim denies it with a reason and journals that. */
    async send({ api }: Cli, no: string, { item, of }: { item: string; of?: string }) {
      const claim = await api.claim(no);
      const shown = claim.items.find(({ id }) => id === item);
      const value = await api.act(no, 'approve', { item, of: of ?? shown?.of ?? hashOfNothing });
      return { value, words: shown?.payable ? { what: `, ${payment(claim, shown)},` } : {} };
    },
  },

  refuse: {
    params: () => [
      ...fieldsOf('refuse', 'item'),
      {
        name: 'clause',
        place: 'option',
        needed: false,
        value: 'code',
        help: `clause of the policy; the second person may leave it out: ${inWords(codesOf('clauses'))}`,
      },
      {
        name: 'reason',
        place: 'option',
        needed: false,
        value: 'code',
        help: 'reason code of the clause, as rules show lists them (refusalReasons); may be repeated',
        parse: (written: string, before: string[] = []) => [...before, written],
      },
      ...fieldsOf('refuse', 'note'),
      {
        name: 'preview',
        place: 'flag',
        needed: false,
        value: '',
        help: 'only show what the customer will read; nothing is recorded',
      },
    ],
    check({ clause, reason }: { clause?: string; reason?: string[] }) {
      if ((clause === undefined) !== (reason === undefined))
        throw misuse('Give both --clause and --reason to propose a refusal, or neither to confirm one.');
    },
    async send({ api }: Cli, claim: string, { reason, preview, ...given }: Refusal) {
      if (preview)
        return previewed(
          await api.previewRefusal(claim, {
            item: given.item,
            ...present({ clause: given.clause, reasons: reason }),
          }),
        );
      return { value: await api.act(claim, 'refuse', { ...given, reasons: reason }) };
    },
  },

  'set-payee': {
    params: () => [
      ...fieldsOf('set-payee', 'item'),
      {
        name: 'account',
        place: 'argument',
        needed: true,
        value: 'account',
        help: 'number of the bank account or card, or an IBAN',
      },
      {
        name: 'holder',
        place: 'option',
        needed: false,
        value: 'name',
        help: 'name of the account’s holder (default: the party)',
      },
      {
        name: 'party',
        place: 'option',
        needed: false,
        value: 'party',
        help: 'owner of the account (default: the item’s party)',
      },
    ],
  },

  'record-call': {
    check({ outcome, promised }: { outcome: string; promised?: string }) {
      if (outcome === 'busy-will-go-later' && !promised)
        throw misuse('busy-will-go-later needs the promised date: --promised 2026-11-27.');
    },
  },

  'hand-over': {
    params: () =>
      fieldsOf('hand-over', 'to', 'role').map((param) =>
        param.name === 'role' ? { ...param, place: 'option', value: 'role', usual: 'handler' } : param,
      ),
  },

  appoint: { params: () => fieldsOf('appoint', 'to', 'role', 'reason') },

  'waive-document': {
    params: () =>
      paramsOf(acts['waive-document'].fields).map((param) =>
        param.name === 'reason'
          ? { ...param, help: `why the claim does without it: ${inWords(codesOf('waiveReasons'))}` }
          : param,
      ),
  },

  reopen: {
    params: () => [
      {
        name: 'reason',
        place: 'argument',
        needed: true,
        value: 'code',
        help: 'why, a reason code as rules show lists them (reopenReasons), such as withdrawn-by-mistake',
      },
      ...fieldsOf('reopen', 'items', 'note').map((param) =>
        param.name === 'items' ? { ...param, value: 'items' } : param,
      ),
    ],
  },

  'record-appeal': {
    async send({ api }: Cli, claim: string, given: { item: string; note: string }) {
      const value = await api.recordAppeal(claim, given);
      if (value.kind === 'recorded') return { value };
      const text =
        `${claim} has closed: the appeal about ${given.item} is kept with it, ` +
        'and a supervisor reopens it.';
      return { value, text };
    },
  },

  ...corrections,

  'resend-notification': { params: () => fieldsOf('resend-notification', 'notification') },

  'break-glass': {
    async send({ api }: Cli, claim: string, { reason }: { reason: string }) {
      const value = await api.breakGlass(claim, reason);
      const text =
        `Until ${zonedTime(value.until)} the personal data of ${claim} are open to you. ` +
        'A supervisor of its branch looks at why.';
      return { value, text };
    },
  },

  'opt-in': {
    async send({ api }: Cli, claim: string, given: { party: string; channel: string; source: string }) {
      const value = await api.opt(claim, 'opt-in', given);
      const many = value.claims.length > 1 ? `, in ${value.claims.length} claims` : '';
      const text =
        `${given.party} gets messages by ${given.channel} again${many}. ` +
        'If a telephone has sent STOP, it must also send START: the provider requires it.';
      return { value, text };
    },
  },

  'opt-out': {
    async send({ api }: Cli, claim: string, given: { party: string; channel: string; source: string }) {
      const value = await api.opt(claim, 'opt-out', given);
      const many = value.claims.length > 1 ? `, in ${value.claims.length} claims` : '';
      const text =
        `${given.party} gets nothing by ${given.channel} any more${many}. ` +
        'What must be sent goes by another channel.';
      return { value, text };
    },
  },

  'close-out': {
    async send({ api }: Cli, claim: string, given: { id: string; how: string }) {
      return {
        value: await api.closeOut(claim, given),
        text: `${given.id} of ${claim} is closed out.`,
      };
    },
  },
};

const isSignOff = (name: string): name is keyof typeof signOffs => name in signOffs;

export const extraOf = (name: ActName | RecordActName): Extra =>
  isSignOff(name) ? signing(name) : (own[name] ?? {});
