import { join } from 'node:path';
import { startNode } from '../processes/child.ts';

export type Mailbox = { smtpUrl: string; webUrl: string; ended: Promise<string>; stop(): Promise<void> };

/**
 * Starts a mail server that delivers nothing and has a page with all mails (for programs: GET
 * `webUrl`/api/email). The mails are in `dataDir`/mails and survive a restart.
 */
export async function startMailbox({
  smtpPort,
  webPort,
  dataDir,
}: {
  smtpPort: number;
  webPort: number;
  dataDir: string;
}): Promise<Mailbox> {
  const program = await startNode({
    name: 'The mailbox',
    script: 'local/servers/mailbox-process.ts',
    args: [String(smtpPort), String(webPort), join(dataDir, 'mails')],
    logFile: join(dataDir, 'logs', 'mailbox.log'),
    recordFile: join(dataDir, 'run', 'mailbox.json'),
    stopWithinMs: 3_000,
  });
  return {
    smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
    webUrl: `http://127.0.0.1:${webPort}`,
    ended: program.ended,
    stop: program.stop,
  };
}
