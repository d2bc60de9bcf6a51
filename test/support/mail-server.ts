import type { Server } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface Mail {
  /** The envelope's. */
  from: string;
  recipients: string[];
  text: string;
}

export interface MailServer {
  url: string;
  taken: Mail[];
  stop(): Promise<void>;
}

/** A real SMTP server that keeps what it takes. */
export async function startMailServer(behaviour: SMTPServerOptions = {}): Promise<MailServer> {
  const taken: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    closeTimeout: 50,
    onData(stream, { envelope: { mailFrom, rcptTo } }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        taken.push({
          from: mailFrom ? mailFrom.address : '',
          recipients: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString(),
        });
        done();
      });
    },
    ...behaviour,
  });
  server.on('error', () => {}); // connections that a test breaks off
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${portOf(server.server)}`,
    taken,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

export function portOf(server: Pick<Server, 'address'>): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
