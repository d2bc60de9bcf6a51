import { createHmac, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';

import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';

import {
  isSameOrder,
  type Payment,
  paymentSchema,
  readOrder,
  receive,
  sendBack,
  settle,
} from '../bank/payments.ts';
import { statusReport } from '../bank/report.ts';
import { type Beside, beside } from '../stand-in/beside.ts';
import { commonFaults, type Fault, type FaultScript, faultScript } from '../stand-in/fault-script.ts';
import { pageOf } from '../stand-in/page.ts';
import { type Records, recordFile } from '../stand-in/record-file.ts';
import type { StandIn } from '../stand-in/stand-in.ts';

export interface BankStandInOptions {
  port: number;
  host?: string;
  secret: string;
  /** Without it the payments are lost when the stand-in stops. */
  dataDir?: string;
  settleAfterMs?: number;
  /** Where the end of a payment is reported, if its order names no other place (`x-callback-url`). */
  callbackUrl?: string;
  /**
   * The first wait before a report is sent again that nobody accepted; each further wait is twice as long.
   */
  retryAfterMs?: number;
}

/**
 * Starts a stand-in of a bank that takes one ISO 20022 credit transfer at a time. `POST /payments` with a
 * pain.001 is answered by a pain.002. The same EndToEndId is paid once. Later the stand-in settles the
 * payment and reports its end, until the report is accepted. `POST /stand-in/payments/ID/return` sends back a
 * payment that was made.
 */
export async function startBankStandIn(options: BankStandInOptions): Promise<StandIn> {
  const { port, host = '127.0.0.1', dataDir, settleAfterMs = 3_000, retryAfterMs = 1_000 } = options;
  const app = Fastify({ forceCloseConnections: true });
  const payments = recordFile(dataDir && join(dataDir, 'bank-payments.jsonl'), paymentSchema);
  const bank: Bank = { ...options, settleAfterMs, retryAfterMs, payments, work: beside() };

  app.addContentTypeParser(['application/xml', 'text/xml'], { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );
  const faults = faultScript(app, commonFaults);
  addPaymentsApi(app, bank, faults);
  app.get('/', async (_request, reply) =>
    pageOf(reply, 'bank/page', { payments: payments.all().toReversed() }),
  );
  app.get('/stand-in/payments', async () => ({ payments: payments.all() }));
  app.post('/stand-in/payments/:id/return', async (request, reply) => {
    const payment = payments.find(z.object({ id: z.string() }).parse(request.params).id);
    if (payment?.status !== 'ACSC') return reply.code(409).send({ error: 'No such payment was made.' });
    seeThrough(bank, payments.keep(sendBack(payment)));
    return reply.code(204).send();
  });
  for (const payment of payments.all()) seeThrough(bank, payment);

  const url = await app.listen({ port, host });
  return { url, stop: async () => void (await Promise.all([bank.work.stop(), app.close()])) };
}

type Bank = BankStandInOptions & {
  settleAfterMs: number;
  retryAfterMs: number;
  payments: Records<Payment>;
  work: Beside;
};

function addPaymentsApi(app: FastifyInstance, bank: Bank, faults: FaultScript): void {
  app.post('/payments', async (request, reply) => {
    if (!isSigned(bank, request, String(request.body)))
      return reply.code(401).send({ error: 'The signature is not the payer’s.' });
    return order(bank, request, faults.next(), reply);
  });
  app.get('/payments/:id', async (request, reply) => {
    if (!isSigned(bank, request, request.url))
      return reply.code(401).send({ error: 'The signature is not the payer’s.' });
    const payment = bank.payments.find(z.object({ id: z.string() }).parse(request.params).id);
    return payment ? answer(reply, payment) : reply.code(404).send({ error: 'No such payment.' });
  });
}

function isSigned({ secret }: Bank, { headers }: FastifyRequest, content: string): boolean {
  const [expected, given] = [
    Buffer.from(signature(secret, content)),
    Buffer.from(String(headers['x-bank-signature'])),
  ];
  return expected.length === given.length && timingSafeEqual(expected, given);
}

const signature = (secret: string, content: string): string =>
  createHmac('sha256', secret).update(content).digest('hex');

async function order(
  bank: Bank,
  request: FastifyRequest,
  fault: Fault | undefined,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (fault?.answer === '429') return reply.code(429).header('retry-after', fault.retryAfterSeconds).send();
  if (fault?.answer === '500-not-made') return reply.code(500).send();
  const asked = readOrder(String(request.body));
  if (!asked) return reply.code(400).send({ error: 'This is not a pain.001.001.09 with one transfer.' });

  const known = bank.payments.find(asked.id);
  if (known && !isSameOrder(known, asked))
    return answer(reply, { id: asked.id, status: 'RJCT', reason: 'AM05', reference: null });
  const payment = known ?? bank.payments.keep(receive(asked, callbackOf(bank, request, fault)));
  if (!known) seeThrough(bank, payment);
  if (fault?.answer === '500-made') return reply.code(500).send();
  if (fault?.answer === 'hang') return reply.hijack();
  return answer(reply, {
    ...payment,
    status: payment.answered,
    reason: payment.answered === 'RJCT' ? payment.reason : null,
    reference: null,
  });
}

const answer = (reply: FastifyReply, report: Parameters<typeof statusReport>[0]): FastifyReply =>
  reply.type('application/xml; charset=utf-8').send(statusReport(report));

function callbackOf(
  { callbackUrl }: Bank,
  { headers }: FastifyRequest,
  fault: Fault | undefined,
): string | null {
  if (fault?.answer === 'silent') return null;
  return z.url().catch('').parse(headers['x-callback-url']) || (callbackUrl ?? null);
}

/** Settles the payment if it is not yet, and reports its end until that is accepted, at most twelve times. */
function seeThrough(bank: Bank, payment: Payment): void {
  bank.work.run(async (wait, signal) => {
    let current = payment;
    if (current.status === 'ACTC') {
      await wait(Math.max(0, Date.parse(current.receivedAt) + bank.settleAfterMs - Date.now()));
      current = bank.payments.keep(settle(current));
    }
    for (let attempt = 0; current.callback !== null && !current.reported && attempt < 12; attempt += 1) {
      if (attempt > 0) await wait(bank.retryAfterMs * 2 ** (attempt - 1));
      if (await sendReport(bank, current.callback, statusReport(current), signal))
        current = bank.payments.keep({ ...current, reported: true });
    }
  });
}

async function sendReport(
  { secret }: Bank,
  url: string,
  report: string,
  signal: AbortSignal,
): Promise<boolean> {
  const headers = { 'content-type': 'application/xml', 'x-bank-signature': signature(secret, report) };
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: report,
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
