import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';
import { freePort } from '../local/processes/ports.ts';

/**
 * Takes every mail and forgets it: the mailbox of `npm start` would parse and keep each, which is no work of
 * Lipei's.
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
