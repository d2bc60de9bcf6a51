import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startMailbox, type Mailbox } from '../../local/servers/mailbox.ts';
import type { Ports } from '../../local/processes/ports.ts';
import { startPostgres, type Postgres } from '../../local/servers/postgres.ts';
import { endRecordedProcess } from '../../local/processes/process-record.ts';
import { standInBank, standInSms } from '../../local/servers/stand-ins.ts';
import { startTemporal, type LocalTemporal } from '../../local/servers/temporal.ts';

/** A part that Lipei needs and that can be away: it is really stopped, and starts again with what it had. */
export interface Part {
  name: string;
  goesDown(): Promise<void>;
  comesBack(): Promise<void>;
}

export interface Outside {
  sms: Part & { url: string };
  mail: Part & { webUrl: string };
  bank: Part & { url: string };
  records: Part & { ownersUrl: string };
  engine: Part & { address: string };
  /** Leads `bin/lipei up` to them. */
  settings: Record<string, string>;
  stop(): Promise<void>;
}

/**
 * Every part that Lipei needs, each with its files in `dataDir`, started by the test so that the test can
 * stop it.
 */
export async function startOutside(dataDir: string, ports: Ports): Promise<Outside> {
  mkdirSync(dataDir, { recursive: true });
  const publicUrl = `http://127.0.0.1:${ports.api}`;
  const startSms = () => standInSms({ port: ports.sms, dataDir, publicUrl });
  const startBank = () => standInBank({ port: ports.bank, dataDir, publicUrl });
  const startMail = (): Promise<Mailbox> =>
    startMailbox({ smtpPort: ports.smtp, webPort: ports.mailbox, dataDir });
  const startRecords = (): Promise<Postgres> => startPostgres({ dataDir, port: ports.postgres });
  const startEngine = (): Promise<LocalTemporal> =>
    startTemporal({ dataDir, port: ports.temporal, uiPort: ports.temporalUi, headless: true });
  let [sms, bank, mail, records, engine] = await Promise.all([
    startSms(),
    startBank(),
    startMail(),
    startRecords(),
    startEngine(),
  ]);
  const recordOf = (name: string): string => join(dataDir, 'run', `${name}.json`);

  return {
    sms: {
      name: 'SMS',
      url: sms.url,
      goesDown: () => sms.stop(),
      comesBack: async () => void (sms = await startSms()),
    },
    mail: {
      name: 'SMTP',
      webUrl: mail.webUrl,
      goesDown: () => mail.stop(),
      comesBack: async () => void (mail = await startMail()),
    },
    bank: {
      name: 'bank',
      url: bank.url,
      goesDown: () => bank.stop(),
      comesBack: async () => void (bank = await startBank()),
    },
    // As when the machine loses power: PostgreSQL aborts everything, and recovers from its log when it is
    // back.
    records: {
      name: 'PostgreSQL',
      ownersUrl: records.ownersUrl,
      goesDown: () => endRecordedProcess(recordOf('postgres'), 'SIGQUIT', 10_000),
      comesBack: async () => void (records = await startRecords()),
    },
    engine: {
      name: 'Temporal',
      address: engine.address,
      goesDown: () => endRecordedProcess(recordOf('temporal'), 'SIGKILL', 10_000),
      comesBack: async () => void (engine = await startEngine()),
    },
    settings: {
      ...sms.settings,
      ...bank.settings,
      SMTP_URL: mail.smtpUrl,
      MAIL_FROM: `Claims department <claims@${mailDomain}>`,
      DATABASE_URL: records.programsUrl,
      DATABASE_OWNER_URL: records.ownersUrl,
      TEMPORAL_ADDRESS: engine.address,
      PUBLIC_URL: publicUrl,
    },
    stop: async () =>
      void (await Promise.allSettled([sms.stop(), bank.stop(), mail.stop(), records.stop(), engine.stop()])),
  };
}

export const mailDomain = 'lipei.example';
