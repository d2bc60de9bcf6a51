import type { FastifyInstance } from 'fastify';
import { webhookPaths } from '../../../config/webhook-paths.ts';
import type { Database } from '../../../records/database.ts';
import type { ApiContext } from '../context.ts';
import { referenceOf } from '../../../records/messages/deliveries.ts';
import { contactTurns } from '../../../records/messages/contact-status.ts';

/**
 * The address in an email's headers. Only a POST unsubscribes, because scanners fetch every link (RFC 8058).
 * Mandatory messages are still sent.
 */
export async function unsubscribeWebhook(
  app: FastifyInstance,
  { database, keyring }: ApiContext,
): Promise<void> {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 1024 },
    (_, body, done) => done(null, body),
  );

  app.post<{ Querystring: { s?: string } }>(
    webhookPaths.unsubscribe,
    { config: { open: true }, schema: { hide: true } },
    async ({ query }, reply) => {
      const token = /^[0-9a-f]{32}$/.exec(String(query.s))?.[0];
      const contact = token && (await contactOf(database, token));
      // The answer does not reveal whether the token is one of ours.
      if (contact)
        await contactTurns(database, keyring, {
          id: `unsubscribe:${token}:${Date.now()}`,
          contact,
          channel: 'email',
          kind: 'unsubscribed',
          source: 'list-unsubscribe',
          by: 'customer',
        });
      return reply
        .code(200)
        .type('text/plain')
        .send(
          'You will get no more reminders and progress reports by email. ' +
            'We still send the messages that the law requires.\n',
        );
    },
  );

  app.get(webhookPaths.unsubscribe, { config: { open: true }, schema: { hide: true } }, (_, reply) =>
    reply
      .code(405)
      .header('allow', 'POST')
      .type('text/plain')
      .send('Unsubscribing takes a POST, as mail programs send it.\n'),
  );
}

async function contactOf(database: Database, token: string): Promise<string | undefined> {
  const reference = await referenceOf(database, 'email', `<${token}@`);
  if (!reference) return undefined;
  const row = await database.notification.findUnique({ where: { reference }, select: { contact: true } });
  return row?.contact ?? undefined;
}
