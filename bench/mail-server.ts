import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';
import { freePort } from '../local/processes/ports.ts';

/**
 * An SMTP server that discards every mail. The mailbox of `npm start` parses and stores them, which would be
 * measured too.
 */
export async function startMailServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onData(stream, _session, taken) {
      stream.resume();
      stream.once('end', () => taken());
    },
  });
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    url: `smtp://127.0.0.1:${port}`,
    stop: () => new Promise((stopped) => server.close(() => stopped())),
  };
}
