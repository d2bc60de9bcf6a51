import { localKeys } from '../config/env.ts';
import { ensureArchiveKey } from '../security/archive-key.ts';
import { ensureLocalKeyring } from '../security/key-folder.ts';
import {
  startBank,
  startEngine,
  startMail,
  startPolicySource,
  startRecords,
  startSms,
} from './outside-parts.ts';
import type { StackFile } from './processes/data-directory.ts';
import { startApi, startWorker } from './programs.ts';
import { fileSampleClaims, prepareSamples } from './samples.ts';
import type { Setting } from './setting.ts';
import type { Stack } from './stack.ts';

interface Started {
  running: StackFile;
  /** The numbers of the sample claims, by notice. */
  claims: Record<string, string>;
}

/** Starts all parts in the order of their needs, and files the sample claims. */
export async function start(stack: Stack, setting: Setting, withClaims: boolean): Promise<Started> {
  const { env, ports, dataDir, settings } = setting;
  makeKeys(setting);
  const [records, engine, mail, sms, bank, policySource] = await Promise.all([
    startRecords(stack, setting),
    startEngine(stack, setting),
    startMail(stack, setting),
    startSms(stack, setting),
    startBank(stack, setting),
    startPolicySource(stack, setting),
  ]);
  for (const part of [records, engine, mail, sms, bank, policySource]) Object.assign(settings, part.settings);

  const { databaseUrl, booksUrl } = records;
  const api = `http://${env.api.host}:${ports.api}`;
  await prepareSamples({ booksUrl, dataDir, keysDirectory: env.keys.directory });
  await Promise.all([startWorker(stack, setting), startApi(stack, setting, booksUrl)]);
  const claims = withClaims ? await fileSampleClaims({ dataDir, api }) : {};
  const running = {
    pid: process.pid,
    api,
    temporalUi: engine.uiUrl,
    temporalAddress: engine.address,
    mail: mail.webUrl,
    sms: sms.webUrl,
    bank: bank.webUrl,
    databaseUrl,
  };
  return { running, claims };
}

/** Makes keys in our own directory only. Who names another directory fills it. */
function makeKeys({ env, dataDir }: Setting): void {
  if (env.keys.directory !== localKeys(dataDir)) return;
  ensureLocalKeyring(env.keys.directory);
  ensureArchiveKey(env.keys.directory);
}
