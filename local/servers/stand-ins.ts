import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { webhookPaths } from '../../config/webhook-paths.ts';
import { startBankStandIn } from './bank-stand-in.ts';
import { startPolicySourceStandIn } from './policy-source-stand-in.ts';
import { startSmsStandIn } from './sms-stand-in.ts';

type Where = { port: number; dataDir: string; publicUrl: string };

/** The SMS stand-in, and the settings with which worker and API use it. */
export async function standInSms({ port, dataDir, publicUrl }: Where) {
  const { accountSid, authToken } = credentials(dataDir);
  const sms = await startSmsStandIn({
    port,
    dataDir,
    accountSid,
    authToken,
    inboundUrl: `${publicUrl}${webhookPaths.twilioInbound}`,
  });
  return {
    ...sms,
    settings: {
      TWILIO_ACCOUNT_SID: accountSid,
      TWILIO_AUTH_TOKEN: authToken,
      TWILIO_FROM: '+15005550006',
      TWILIO_BASE_URL: sms.url,
    },
  };
}

/** The bank stand-in, and the settings with which worker and API use it. */
export async function standInBank({ port, dataDir, publicUrl }: Where) {
  const { bankSecret } = credentials(dataDir);
  const bank = await startBankStandIn({
    port,
    dataDir,
    secret: bankSecret,
    callbackUrl: `${publicUrl}${webhookPaths.bank}`,
  });
  return { ...bank, settings: { BANK_URL: bank.url, BANK_SECRET: bankSecret } };
}

/** The stand-in of a policy system, and the settings with which worker and API use it. */
export async function standInPolicySource({ port, file }: { port: number; file: string }) {
  const token = randomBytes(24).toString('base64url');
  const source = await startPolicySourceStandIn({ port, token, file });
  return { ...source, settings: { POLICY_SOURCE_URL: source.url, POLICY_SOURCE_TOKEN: token } };
}

const kept = z.object({ accountSid: z.string(), authToken: z.string(), bankSecret: z.string() });

/** Made once for a data directory: after a restart earlier messages are fetched with the same account. */
function credentials(dataDir: string): z.infer<typeof kept> {
  const file = join(dataDir, 'credentials.json');
  if (existsSync(file)) return kept.parse(JSON.parse(readFileSync(file, 'utf8')));
  const made = {
    accountSid: `AC${randomBytes(16).toString('hex')}`,
    authToken: randomBytes(16).toString('hex'),
    bankSecret: randomBytes(24).toString('base64url'),
  };
  writeFileSync(file, `${JSON.stringify(made)}\n`, { mode: 0o600 });
  return made;
}
