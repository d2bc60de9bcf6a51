import { aNote } from '../support/builders.ts';
import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Payload } from '@temporalio/common';
import nodemailer from 'nodemailer';
import { z } from 'zod';
import { webhookPaths } from '../../config/webhook-paths.ts';
import { claimNumber, workflowIdOf } from '../../domain/ids.ts';
import { temporalCli } from '../../local/tools.ts';
import { issueToken } from '../../security/tokens.ts';
import { eventually } from '../support/local-stack.ts';
import { aNotice } from '../support/notices.ts';
import { recordedOr, signals, substance, sure, updates, type Ground } from './ground.ts';

const mails = z.array(
  z.looseObject({
    envelope: z.looseObject({
      from: z.looseObject({ address: z.string() }),
      to: z.array(z.looseObject({ address: z.string() })),
    }),
    text: z.string().default(''),
    subject: z.string(),
  }),
);

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A payload under an encryption key that never was, bound to the claim as ours are. */
const underNoKey = (claim: string): Payload => ({
  metadata: {
    encoding: bytes('binary/encrypted'),
    'encryption-key-id': bytes('nope'),
    'encryption-key-check': bytes('nope'),
    'bound-to': bytes(workflowIdOf(claim)),
  },
  data: bytes('whatever this is'),
});

/** What a mail server sends back. */
const bounce = (recipient: string): string =>
  [
    'From: Mail Delivery System <mailer-daemon@mx.example>',
    'Subject: Undelivered Mail',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    'Action: failed',
    'Status: 5.1.1',
    '',
    '--b--',
    '',
  ].join('\r\n');

export function doors(ground: () => Ground): void {
  const denied = async (claim: string, reasons: string[]): Promise<void> => {
    const seen = await eventually(
      `${reasons.length} denials`,
      () => ground().denials(claim),
      (all) => all.length >= reasons.length,
    );
    expect(seen).toEqual(reasons);
  };
  const continues = async (claim: string): Promise<void> => {
    const answer = await ground().act('C-301', claim, 'add-note', { note: 'It continues.' });
    expect(answer).toMatchObject({ status: 200 });
  };

  describe('Temporal', () => {
    // One such signal made every workflow task of the claim fail for ever, and its queries too.
    test('messages under a made-up encryption key are denied; tasks and queries of the claim go through (R18)', async () => {
      const { files, connection } = ground();
      const claim = await files();
      const to = { namespace: 'default', workflowExecution: { workflowId: workflowIdOf(claim) } };
      const input = { payloads: [underNoKey(claim)] };
      await connection.workflowService.signalWorkflowExecution({
        ...to,
        signalName: 'bank-confirmed',
        input,
      });
      const { outcome } = await connection.workflowService.updateWorkflowExecution({
        ...to,
        request: {
          meta: { updateId: 'nope', identity: 'somebody' },
          input: { name: 'add-note', args: input },
        },
        waitPolicy: { lifecycleStage: 3 },
      });
      expect(outcome?.failure).toBeTruthy();
      await denied(claim, ['unreadable', 'unreadable']);
      await continues(claim);
      expect((await ground().state(claim)).number).toBe(claim);
      const { events } = await ground().handle(claim).fetchHistory();
      expect(events?.some((event) => event.workflowTaskFailedEventAttributes)).toBe(false);
    });

    test('what the Temporal command line sends in plaintext is denied, and the claim continues', async () => {
      const { files, engine, state } = ground();
      const claim = await files();
      const before = await state(claim);
      const cli = async (...args: string[]): Promise<unknown> =>
        promisify(execFile)(await temporalCli(), ['workflow', ...args, '--address', engine]);
      const to = ['--workflow-id', workflowIdOf(claim)];
      const payment = JSON.stringify({ id: 'cli', payment: `${claim}-item-1-payment-1`, reference: 'B' });
      await cli('signal', ...to, '--name', 'bank-confirmed', '--input', payment);
      await denied(claim, ['unreadable']);
      const update = cli('update', 'execute', ...to, '--name', 'assess', '--input', '{"id": "cli-2"}');
      await expect(update).rejects.toThrow('failed');
      await cli('signal', ...to, '--name', 'no-such-message');
      await denied(claim, ['unreadable', 'unreadable', 'malformed']);
      // Not even a cancellation ends a claim; it is a request to withdraw.
      await cli('cancel', ...to);
      const after = await ground().until(claim, 'asked', ({ withdrawalRequested }) => withdrawalRequested);
      expect(substance({ ...after, withdrawalRequested: false, expectations: [] })).toEqual(
        substance({ ...before, expectations: [] }),
      );
      await continues(claim);
    });

    test('signals and acts that come before the claim is open wait for it, and are judged then', async () => {
      const { intruder, ownPolicy, stopWorker, startWorker, signs, staff, journal } = ground();
      const notice = aNotice({ policy: await ownPolicy() });
      const claim = claimNumber(notice.source, notice.reference);
      await stopWorker();
      await ground().ask('H-101', 'POST', '/claims', notice);
      await signals(intruder, claim, 'bank-returned', {
        id: 'early',
        payment: `${claim}-item-1-payment-1`,
        reason: 'AC04',
      });
      const fields = { party: 'party-1', outcome: 'reached' };
      const early = await signs(await staff('C-301'), claim, 'record-call', fields);
      const answer = updates(intruder, claim, 'record-call', early);
      await startWorker();
      expect(await answer).toMatchObject({ answer: { kind: 'recorded' } });
      await denied(claim, ['no-proof']);
      expect((await journal(claim))[0]).toMatchObject({
        kind: 'claim-opened',
        by: 'H-101',
        received: { from: 'staff H-101' },
      });
    });

    test('a claim that has closed takes no act and no document any more, also when it is signed', async () => {
      const { paidByRules, until, act, signs, staff, intruder, handle } = ground();
      const { claim } = await paidByRules();
      await until(claim, 'closed', ({ outcome }) => outcome === 'paid');
      await eventually(
        'ended',
        () => handle(claim).describe(),
        ({ status }) => status.name === 'COMPLETED',
      );
      expect(
        await act('C-301', claim, 'record-call', { party: 'party-1', outcome: 'reached' }),
      ).toMatchObject({ status: 409 });
      const payload = await signs(await staff('C-301'), claim, 'add-note', { note: aNote() });
      await expect(updates(intruder, claim, 'add-note', payload)).rejects.toThrow();
      await expect(signals(intruder, claim, 'document-arrived', payload)).rejects.toThrow();
    });

    test('a start with a state, with a made-up journal or with somebody else’s proof opens nothing', async () => {
      const { intruder, files, state, signs, staff, journal, ownPolicy } = ground();
      const open = await files();
      const rich = { ...(await state(open)), number: 'LAAAA-AAAAA' };
      for (const [number, start] of [
        ['LAAAA-AAAAA', { continued: rich }],
        ['LBBBB-BBBBB', { resume: 'LBBBB-BBBBB' }],
        ['LCCCC-CCCCC', { resume: open }],
        ['LDDDD-DDDDD', { $lipei: 'signed', statement: {}, proof: {}, beside: aNotice() }],
        ['LEEEE-EEEEE', ['no notice']],
      ] as const)
        expect(
          await intruder.workflow.execute('claim', {
            workflowId: workflowIdOf(number),
            taskQueue: 'claims',
            args: [start],
          }),
        ).toMatchObject({ kind: 'not-opened' });
      // A genuine proof of filing beside another notice: filed by nobody knows who, never released by rules.
      const notice = aNotice({ policy: await ownPolicy() });
      const number = claimNumber(notice.source, notice.reference);
      const proof = await signs(await staff('H-101'), number, 'file', { notice: 'a'.repeat(64) });
      await intruder.workflow.start('claim', {
        workflowId: workflowIdOf(number),
        taskQueue: 'claims',
        args: [{ ...proof, beside: notice }],
      });
      await eventually(
        'opened',
        () => journal(number),
        (all) => all.length > 0,
      );
      expect((await journal(number))[0]).toMatchObject({ kind: 'claim-opened', by: 'anybody' });
    });
  });

  describe('the API', () => {
    test('a token signed by somebody else, for another program or for nobody opens no door', async () => {
      const { keys, ports, files } = ground();
      const claim = await files();
      const asked = async (token: string): Promise<number> =>
        (
          await fetch(`http://127.0.0.1:${ports.api}/claims/${claim}/acts/add-note`, {
            method: 'POST',
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
            body: '{"note": "Let me in."}',
          })
        ).status;
      const key = sure(keys.token.privateKey);
      const of = { days: 1, now: new Date() };
      const { privateKey: own } = ground().signing;
      expect([
        await asked(''),
        await asked(await issueToken(own, { staff: 'M-601', ...of })),
        await asked(await issueToken(key, { staff: 'M-601', ...of, audience: 'lipei-codec' })),
        await asked(await issueToken(key, { staff: 'M-601', days: 1, now: new Date(0) })),
        await asked(await issueToken(key, { staff: 'X-000', ...of })),
        await asked(await issueToken(key, { staff: 'C-301', ...of })),
      ]).toEqual([401, 401, 401, 401, 403, 200]);
    });
  });

  describe('webhooks', () => {
    test('a bank report with a wrong, foreign or missing signature, or half of one, reaches no claim', async () => {
      const { paidByRules, bankReports, until, denials, journal, ports } = ground();
      const { claim, payment } = await paidByRules();
      const report = { payment, status: 'RJCT', reason: 'AC04' };
      expect([
        await bankReports(report, { secret: 'a guess' }),
        await bankReports(report, { body: '<Document/>' }),
        (await fetch(`http://127.0.0.1:${ports.api}${webhookPaths.bank}`, { method: 'POST', body: '' }))
          .status,
        await bankReports({ payment: 'LZZZZ-ZZZZZ-item-1-payment-1', status: 'ACSC', reference: 'B' }),
        await bankReports({ payment: 'no payment of ours', status: 'ACSC', reference: 'B' }),
        await bankReports({ payment, status: 'PDNG' }),
      ]).toEqual([403, 403, 403, 404, 400, 204]);
      await until(claim, 'closed', ({ outcome }) => outcome === 'paid');
      expect(await denials(claim)).toEqual([]);
      expect((await journal(claim)).map(({ kind }) => kind)).not.toContain('payment-returned');
    });

    test('a text or a delivery report without the signature of Twilio is denied at the door', async () => {
      const { ports, database } = ground();
      const before = await database.inbox.count();
      for (const path of [webhookPaths.twilioInbound, webhookPaths.twilioStatus]) {
        const answer = await fetch(`http://127.0.0.1:${ports.api}${path}`, {
          method: 'POST',
          headers: {
            'content-type': 'application/x-www-form-urlencoded',
            'x-twilio-signature': Buffer.alloc(20).toString('base64'),
          },
          body: new URLSearchParams({ From: '+8613800138000', Body: 'STOP', MessageSid: 'SM1' }).toString(),
        });
        expect(answer.status).toBe(403);
      }
      expect(await database.inbox.count()).toBe(before);
    });
  });

  describe('inbound mail', () => {
    // The address followed from claim, kind and sequence, and nobody compared the recipient.
    test('a bounce at a guessed address, or for another recipient, changes nothing; the true one counts (P1)', async () => {
      const { files, ports, database, journal } = ground();
      const email = `p1.${Date.now()}@example.com`;
      const wang = sure(aNotice().parties[0]);
      const claim = await files({ parties: [{ ...wang, email }] });
      const reference = `${claim}/acknowledgement-1-email`;
      const sent = await eventually(
        'mailed',
        async () =>
          mails
            .parse(await (await fetch(`http://127.0.0.1:${ports.mailbox}/api/email`)).json())
            .find(({ envelope }) => envelope.to.some(({ address }) => address === email)),
        (mail) => mail !== undefined,
      );
      await eventually(
        'accepted',
        () => database.notification.findUnique({ where: { reference } }),
        (row) => row?.state === 'accepted',
      );
      const returnPath = sure(sent).envelope.from.address;
      const [name = '', domain = ''] = returnPath.split(/\+[0-9a-f]{32}/);
      const guess = createHash('sha256').update(reference).digest('hex').slice(0, 32);
      await expect(comesBack(ports.inboundMail, `${name}+${guess}${domain}`, bounce(email))).rejects.toThrow(
        '550 There is no such mailbox',
      );
      await comesBack(ports.inboundMail, returnPath, bounce('somebody-else@example.com'));
      const row = () => database.notification.findUniqueOrThrow({ where: { reference } });
      expect(await row()).toMatchObject({ state: 'accepted' });
      // "Delivered" can be forged as little as "bounced".
      await signals(ground().intruder, claim, 'delivery-reported', {
        id: 'forged',
        notification: 'acknowledgement-1-email',
        outcome: 'bounced',
        arrived: new Date().toISOString(),
      });
      await denied(claim, ['no-proof']);
      await comesBack(ports.inboundMail, returnPath, bounce(email));
      expect(await row()).toMatchObject({ state: 'bounced' });
      const lost = await eventually(
        'reported',
        () => journal(claim),
        (all) =>
          all.some(
            ({ kind, received }) => kind === 'delivery-reported' && received?.from === 'provider mail',
          ),
      );
      const reported = lost.filter(({ kind }) => kind === 'delivery-reported');
      expect(reported.map(({ received }) => received?.from)).toContain('provider mail');
    });
  });

  test('the codec server answers pages of the Temporal UI alone, and its path is no guess', async () => {
    const { ports, files } = ground();
    const claim = await files();
    recordedOr(await ground().act('C-301', claim, 'add-note', { note: 'First.' }));
    const asked = async (path: string, origin?: string): Promise<number> =>
      (
        await fetch(`http://127.0.0.1:${ports.codec}${path}/decode`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...(origin === undefined ? {} : { origin }) },
          body: '{"payloads": []}',
        })
      ).status;
    const ui = `http://127.0.0.1:${ports.temporalUi}`;
    expect([
      await asked('', ui),
      await asked('/guess', ui),
      await asked(ground().codecPath, 'http://evil.example'),
      await asked(ground().codecPath),
      await asked(ground().codecPath, ui),
    ]).toEqual([404, 404, 403, 403, 200]);
  });
}

async function comesBack(port: number, to: string, raw: string): Promise<void> {
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true });
  await transport.sendMail({ envelope: { from: '', to }, raw });
}
