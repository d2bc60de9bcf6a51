import type { FastifyInstance } from 'fastify';
import { bankSignatureMatches } from '../../../providers/bank/signature.ts';
import { readBankStatus, type BankStatus } from '../../../providers/bank/pain-002.ts';
import { webhookPaths } from '../../../config/webhook-paths.ts';
import { hashOf } from '../../../domain/hash.ts';
import { isClaimNumber } from '../../../domain/ids.ts';
import type { ApiContext } from '../context.ts';
import { deliverReport } from './bank-report.ts';
import { engineDown, isProblem, problem, sendProblem } from '../problem.ts';
import { signingKey, signReport } from '../signing.ts';

/**
 * Payment status reports (pain.002) from the bank, which signs the body. A final status is signed for the
 * bank and forwarded to the claim. The id of the message is the payment's id with the status and all that the
 * bank says of it: a repeated report counts once, and other words are another report.
 */
export async function bankWebhook(app: FastifyInstance, context: ApiContext): Promise<void> {
  const { bankSecret } = context;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 256 * 1024 }, (_, body, done) =>
    done(null, body),
  );

  app.post<{ Body: Buffer | undefined }>(
    webhookPaths.bank,
    { config: { open: true, limit: 'webhook' }, schema: { hide: true } },
    async (request, reply) => {
      const { body = Buffer.alloc(0), headers } = request;
      if (!bankSecret || !bankSignatureMatches(bankSecret, body, String(headers['x-bank-signature'] ?? '')))
        return sendProblem(
          reply,
          (await app.tooMany(request, 'failed')) ??
            problem(403, "The signature is not the bank's for this body."),
        );
      const status = reportIn(body);
      const claim = status && claimOf(status.id);
      if (!status || !claim)
        return sendProblem(
          reply,
          problem(400, 'The body must be a payment status report (pain.002) on one payment of ours.'),
        );
      if (status.kind === 'pending') return reply.code(204).send();
      const key = signingKey(context);
      if (isProblem(key)) return sendProblem(reply, key);
      const { name, fields } = reportOf(status);
      const id = `${status.id}:${status.kind}:${hashOf(fields).slice(0, 16)}`;
      const signed = signReport(key, 'bank', { claim, name, id, fields });
      const answer = await deliverReport(context, claim, name, signed);
      if (answer.kind === 'unavailable') return sendProblem(reply, engineDown());
      return answer.kind === 'unknown'
        ? sendProblem(reply, problem(404, 'There is no claim with this payment.'))
        : reply.code(204).send();
    },
  );
}

/** What the bank says, as the claim's report of it. */
const reportOf = (status: Exclude<BankStatus, { kind: 'pending' }>) =>
  status.kind === 'confirmed'
    ? {
        name: 'bank-confirmed' as const,
        fields: { payment: status.id, reference: status.reference },
      }
    : { name: 'bank-returned' as const, fields: { payment: status.id, reason: status.reason } };

function reportIn(body: Buffer): BankStatus | undefined {
  try {
    return readBankStatus(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** `L7K3M-9Q2X4-item-1-payment-1`: a payment's id begins with its claim. */
function claimOf(payment: string): string | undefined {
  const claim = /^(.{11})-item-\d+-payment-\d+$/.exec(payment)?.[1];
  return claim && isClaimNumber(claim) ? claim : undefined;
}
