import { keepPolicies } from '../support/policies.ts';
import { limitsIn } from '../../records/staff/members.ts';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { Client, Connection, WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, type Payload, type PayloadCodec } from '@temporalio/common';
import { z } from 'zod';
import { createActivities, type Activities, type Outside } from '../../activities/activities.ts';
import { noticeOfWorkflow } from '../../client/engine/notice-of-workflow.ts';
import { claimRuns } from '../../client/engine/runs.ts';
import { inJson, payloadList } from '../../client/codec/payloads.ts';
import { secretPath } from '../../client/codec/path.ts';
import { answerOf, send, type Answered, type Request } from '../../client/own-api/http.ts';
import { environmentWith, localKeys, projectRoot, readEnv, type Env } from '../../config/env.ts';
import { webhookPaths } from '../../config/webhook-paths.ts';
import type { Claim } from '../../domain/claim/claim.ts';
import type { JournalEntry } from '../../domain/claim/journal.ts';
import type { NoticeOfLoss } from '../../domain/claim/notice.ts';
import { workflowIdOf } from '../../domain/ids.ts';
import { payableHash } from '../../domain/money/payable.ts';
import { staffRoles, type StaffRole } from '../../domain/people/people.ts';
import { isSigned, type Proof, type Signer } from '../../domain/signed-payload.ts';
import { instantOf } from '../../domain/time/time.ts';
import { statusReport } from '../../local/bank/report.ts';
import { startBank, startEngine, startMail, startSms } from '../../local/outside-parts.ts';
import type { Child } from '../../local/processes/child.ts';
import { freePortBase, type Ports } from '../../local/processes/ports.ts';
import { startApi, startWorker } from '../../local/programs.ts';
import { withOwnParties } from '../../local/policy-copies.ts';
import { settingFor } from '../../local/setting.ts';
import { emptyStack } from '../../local/stack.ts';
import { isoBank } from '../../providers/bank/iso-bank.ts';
import { signatureOf } from '../../providers/bank/signature.ts';
import { smtpEmail } from '../../providers/smtp/email.ts';
import { twilioSms } from '../../providers/twilio/sms.ts';
import { mailTokens } from '../../records/keys/contact-key.ts';
import { connectDatabase, type Database } from '../../records/database.ts';
import { dataConverter } from '../../security/data-converter.ts';
import { ensureLocalKeyring, loadKeys, type Keys } from '../../security/key-folder.ts';
import { signingKeyIn } from '../../security/signing-keys.ts';
import { signStatement, type SigningKey } from '../../security/signing.ts';
import { issueToken } from '../../security/tokens.ts';
import { claimQuery, type ActAnswer } from '../../workflows/contract.ts';
import { eventually } from '../support/local-stack.ts';
import { aNotice } from '../support/notices.ts';
import { keepRecords } from '../support/records.ts';
import { asBooks, asProgram, ownDatabase, runtime } from '../support/runtime.ts';
import { createRenderer } from '../../wording/renderer/renderer.ts';
import { createWorker } from '../../workers/claims-worker.ts';
import { versions } from '../../workers/deployment.ts';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { present } from '../../domain/present.ts';

interface Asked extends Omit<Answered, 'body'> {
  body: any; // oxlint-disable-line no-explicit-any -- tests look into it freely
}

const payments = z.object({
  payments: z.array(
    z.looseObject({ id: z.string(), amount: z.string(), status: z.string(), account: z.string() }),
  ),
});
export type AtBank = z.infer<typeof payments>['payments'][number];

/**
 * Everything as in production: Temporal's development server, PostgreSQL, the API and the worker as
 * processes, the codec server, and the stand-ins of bank, SMS and mail. The worker can be stopped, so that
 * another one has the task queue for itself.
 */
export interface Ground {
  ports: Ports;
  keys: Keys;
  /** The key that only the API has. Tests sign with it what the API signed, or would have signed, before. */
  signing: SigningKey;
  /** The records as their owner; our programs, and a worker that lies, have the role of the programs. */
  database: Database;
  connection: Connection;
  engine: string;
  codecPath: string;
  /** Addresses of the stand-ins. */
  bank: string;
  sms: string;
  /** Somebody with the encryption key and without a signing key that a root has certified. */
  intruder: Client;
  /** The Temporal Web UI: its codec server encrypts what is typed. */
  ui: Client;
  ask(
    staff: string,
    method: 'GET' | 'POST',
    path: string,
    body?: Request['body'],
    key?: string,
  ): Promise<Asked>;
  act(staff: string, claim: string, name: string, fields?: object, key?: string): Promise<Asked>;
  /** A notice of loss through the API, of a policy and parties of its own; gives the number of the open claim. */
  files(change?: Partial<NoticeOfLoss>): Promise<string>;
  /** A policy that no other claim has: claims of one loss are counted together. */
  ownPolicy(): Promise<string>;
  handle(claim: string): WorkflowHandle;
  state(claim: string): Promise<Claim>;
  until(claim: string, what: string, holds: (claim: Claim) => boolean): Promise<Claim>;
  journal(claim: string): Promise<JournalEntry[]>;
  /** Reasons of denials as the journal has them. */
  denials(claim: string): Promise<string[]>;
  /** These papers come, and are accepted. */
  brings(claim: string, documents: [string, string][]): Promise<void>;
  /** Surveyed, all papers accepted, assessed as claimed. */
  assessed(claim: string, amount: string, documents?: [string, string][]): Promise<void>;
  approves(staff: string, claim: string): Promise<Asked>;
  /** Small: the rules release it. Gives the number and the payment that the bank has. */
  paidByRules(change?: Partial<NoticeOfLoss>): Promise<{ claim: string; payment: string }>;
  /** What the bank has been instructed to pay for this claim. */
  atBank(claim: string): Promise<AtBank[]>;
  /** As the bank reports, with its signature unless another is given. */
  bankReports(
    report: { payment: string; status: string; reason?: string; reference?: string },
    how?: { secret?: string; body?: string },
  ): Promise<number>;
  /** What the API signs. `at` is now unless it is given. */
  signs(
    by: Signer,
    claim: string,
    act: string,
    fields?: object,
    given?: { at?: string; id?: string },
  ): Promise<Proof>;
  staff(code: string): Promise<Signer>;
  /** The proof of an act as everybody can read it in the history who has the encryption key. */
  proofInHistory(claim: string, name: string): Promise<Proof>;
  stopWorker(): Promise<void>;
  /**
   * A worker on the same task queue, with the encryption key and the honest workflow code, whose activities
   * are others. While our own worker is stopped it wins every race.
   */
  startLiar(lies: (honest: Activities) => Activities, runEvents?: number): Promise<{ stop(): Promise<void> }>;
  startWorker(): Promise<void>;
  close(): Promise<void>;
}

export async function openGround(): Promise<Ground> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lipei-trust-'));
  const portBase = await freePortBase();
  const setting = settingFor({ dataDir, portBase, pace: 'any-hour' });
  ensureLocalKeyring(localKeys(dataDir));
  const keys = loadKeys({ directory: localKeys(dataDir) });
  const stack = emptyStack(() => undefined);
  const ownersUrl = await ownDatabase();
  const databaseUrl = asProgram(ownersUrl);
  const [database, programs] = [connectDatabase(ownersUrl), connectDatabase(databaseUrl)];
  await keepRecords(database);
  const [engine, mail, sms, bank] = await Promise.all([
    startEngine(stack, setting),
    startMail(stack, setting),
    startSms(stack, setting),
    startBank(stack, setting),
  ]);
  Object.assign(
    setting.settings,
    { DATABASE_URL: databaseUrl },
    engine.settings,
    mail.settings,
    sms.settings,
  );
  Object.assign(setting.settings, bank.settings);
  const startedWorker = (): Promise<Child> => startWorker(stack, setting);
  let [worker] = await Promise.all([startedWorker(), startApi(stack, setting, asBooks(ownersUrl))]);

  const connection = await Connection.connect({ address: engine.address });
  const intruder = new Client({
    connection,
    dataConverter: dataConverter(keys.keyring, { roots: keys.roots }),
  });
  const codec = `http://127.0.0.1:${setting.ports.codec}${secretPath(dataDir)}`;
  const ui = new Client({
    connection,
    dataConverter: { payloadCodecs: [throughServer(codec, `http://127.0.0.1:${setting.ports.temporalUi}`)] },
  });
  const signing = sure(signingKeyIn(localKeys(dataDir), keys.roots));
  const api = `http://127.0.0.1:${setting.ports.api}`;

  const ask: Ground['ask'] = async (staff, method, path, body, key) => {
    const token = await issueToken(sure(keys.token.privateKey), { staff, days: 1, now: new Date() });
    return answerOf(await send({ url: api, token }, { method, path, body, key }));
  };
  const act: Ground['act'] = (staff, claim, name, fields = {}, key) =>
    ask(staff, 'POST', `/claims/${claim}/acts/${name}`, fields, key);
  const handle = (claim: string): WorkflowHandle => intruder.workflow.getHandle(workflowIdOf(claim));
  const state = (claim: string): Promise<Claim> => until(claim, 'open', () => true);
  // A run that has just begun does not know its claim yet.
  const until: Ground['until'] = async (claim, what, holds) =>
    sure(
      await eventually(
        `${claim} ${what}`,
        () => handle(claim).query(claimQuery),
        (seen) => seen !== undefined && holds(seen),
      ),
    );
  const journal: Ground['journal'] = async (claim) =>
    (await database.journalEntry.findMany({ where: { claim }, orderBy: { seq: 'asc' } })).map(
      ({ entry }): JournalEntry => JSON.parse(entry),
    );
  let policies = 0;
  const ownPolicy = async (nth = (policies += 1)): Promise<string> => {
    const number = `T-${nth}`;
    await keepPolicies(database, [number]);
    return number;
  };
  const files: Ground['files'] = async (change = {}) => {
    const nth = (policies += 1);
    const policy = await ownPolicy(nth);
    const notice = { ...withOwnParties(aNotice({ policy }), nth), ...change };
    const { claim } = recordedOr(await ask('H-101', 'POST', '/claims', notice)).body;
    await eventually(
      `${claim} open`,
      async () => (await handle(claim).query(claimQuery))?.acknowledged,
      (isOpen) => isOpen === true,
    );
    return claim;
  };
  const brings: Ground['brings'] = async (claim, documents) => {
    for (const [document, file] of documents) {
      const form = new FormData();
      form.set('document', document);
      if (document === 'repair-invoice') form.set('item', 'item-1');
      form.set('file', new Blob([readFileSync(join(projectRoot, 'samples', 'attachments', file))]), file);
      recordedOr(await ask('C-301', 'POST', `/claims/${claim}/acts/add-document`, form));
      const about = document === 'repair-invoice' ? { document, item: 'item-1' } : { document };
      recordedOr(await act('C-301', claim, 'accept-document', about));
    }
  };
  const assessed: Ground['assessed'] = async (claim, amount, documents = papers) => {
    recordedOr(await act('S-201', claim, 'report-survey', { onScene: true, findings: 'as reported' }));
    await brings(claim, documents);
    await until(claim, 'complete', isWaitingFor('assess:item-1'));
    recordedOr(await act('C-301', claim, 'assess', { item: 'item-1', amount }));
  };
  const atBank: Ground['atBank'] = async (claim) =>
    payments
      .parse(await (await fetch(`${bank.webUrl}/stand-in/payments`)).json())
      .payments.filter(({ id }) => id.startsWith(claim));
  const staff = async (code: string): Promise<Signer> => {
    const row = await database.person.findUniqueOrThrow({ where: { code } });
    const limitMinor = limitsIn(row.limits)['motor']?.['CNY'];
    const { roles, branch, conflicts } = row;
    const known = { kind: 'staff', code, roles: roles.filter(isStaffRole), branch, conflicts } as const;
    return limitMinor === undefined ? known : { ...known, limitMinor };
  };

  return {
    ports: setting.ports,
    keys,
    signing,
    database,
    connection,
    engine: engine.address,
    codecPath: secretPath(dataDir),
    bank: sure(bank.webUrl),
    sms: sure(sms.webUrl),
    intruder,
    ui,
    ask,
    act,
    files,
    ownPolicy,
    handle,
    state,
    until,
    journal,
    denials: async (claim) => {
      // The answer to a denied message may come before its entry is stored; a lying worker never stores it.
      const known = await handle(claim)
        .query(claimQuery)
        .catch(() => undefined);
      const stored = async (): Promise<boolean> => (await journal(claim)).length >= (known?.seq ?? 0);
      for (let looks = 0; looks < 30 && !(await stored()); looks += 1) await pause(100);
      return (await journal(claim)).flatMap((entry) =>
        entry.kind === 'message-denied' ? [entry.denial.reason] : [],
      );
    },
    brings,
    assessed,
    approves: async (person, claim) => {
      const seen = await state(claim);
      const of = payableHash(seen, sure(seen.items[0]));
      return act(person, claim, 'approve', { item: 'item-1', of });
    },
    paidByRules: async (change) => {
      const claim = await files(change);
      await assessed(claim, '2000');
      const [payment] = await eventually(
        `${claim} at the bank`,
        () => atBank(claim),
        (all) => all.length > 0,
      );
      return { claim, payment: sure(payment).id };
    },
    atBank,
    bankReports: async ({ payment, status, reason = null, reference = null }, { secret, body } = {}) => {
      const report = statusReport({ id: payment, status, reason, reference });
      const signature = signatureOf(secret ?? setting.settings['BANK_SECRET'] ?? '', report);
      const answer = await fetch(`${api}${webhookPaths.bank}`, {
        method: 'POST',
        headers: { 'content-type': 'application/xml', 'x-bank-signature': signature },
        body: body ?? report,
      });
      return answer.status;
    },
    signs: async (by, claim, name, fields = {}, { at = instantOf(Date.now()), id = randomUUID() } = {}) =>
      signStatement(signing, { claim, act: name, id, at, by, fields }),
    staff,
    proofInHistory: async (claim, name) => {
      const { events } = await handle(claim).fetchHistory();
      const requests = (events ?? []).flatMap(
        (event) => event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest ?? [],
      );
      const payload = requests.find(({ input }) => input?.name === name)?.input?.args?.payloads?.[0];
      const [codecOfClients] = sure(intruder.options.loadedDataConverter.payloadCodecs);
      const [plain] = await sure(codecOfClients).decode([sure(payload)]);
      const arrived: unknown = JSON.parse(Buffer.from(sure(plain?.data)).toString());
      if (!isSigned(arrived)) throw new Error(`Nobody signed ${name}`);
      return arrived.proof;
    },
    stopWorker: () => worker.stop(),
    startLiar: async (lies, runEvents = 4_000) => {
      const env = readEnv(environmentWith(setting.settings));
      Runtime.install({
        logger: new DefaultLogger('ERROR', () => undefined),
        telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
      });
      const native = await NativeConnection.connect({ address: engine.address });
      const liar = await createWorker(
        {
          connection: native,
          namespace: 'default',
          dataConverter: dataConverter(keys.keyring, { roots: keys.roots }),
          workflowBundle: { codePath: runtime().bundle },
          ...present({ buildId: (await versions(connection, 'default')).current }),
        },
        {
          ...lies(
            createActivities(
              outsideOf({ ...env, runEvents }, { database: programs, keys, client: intruder }),
            ),
          ),
        },
      );
      const running = liar.run();
      return {
        stop: async () => {
          liar.shutdown();
          await running;
          await native.close();
        },
      };
    },
    startWorker: async () => void (worker = await startedWorker()),
    close: async () => {
      await stack.stop();
      await Promise.all([connection.close(), database.$disconnect(), programs.$disconnect()]);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export const papers: [string, string][] = [
  ['driving-licence', 'licence.jpg'],
  ['accident-certificate', 'self-negotiated-agreement.pdf'],
];

/** What a loss above ¥5,000 needs. */
export const largePapers: [string, string][] = [
  ['driving-licence', 'licence.jpg'],
  ['police-determination', 'police-determination.pdf'],
  ['repair-invoice', 'repair-invoice.pdf'],
];

export const isWaitingFor =
  (expectation: string) =>
  ({ expectations }: Claim): boolean =>
    expectations.some(({ id }) => id === expectation);

/** What people decide on, and money rests on; messages to customers go their own way meanwhile. */
export const substance = (claim: Claim): object =>
  Object.fromEntries(
    Object.entries(claim).filter(
      ([name]) => !['seq', 'handled', 'outbox', 'sent', 'deliveries', 'lastContact'].includes(name),
    ),
  );

const isStaffRole = (role: string): role is StaffRole => staffRoles.some((each) => each === role);

export function recordedOr(answer: Asked): Asked {
  if (answer.status >= 300) throw new Error(`${answer.status}: ${answer.text}`);
  return answer;
}

/** Encrypts and decrypts by the codec server, as a page of the Web UI does. */
const throughServer = (endpoint: string, origin: string): PayloadCodec => {
  const by = async (act: string, payloads: Payload[]): Promise<Payload[]> => {
    const answer = await fetch(`${endpoint}/${act}`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: JSON.stringify(inJson(payloads)),
    });
    return payloadList.parse(await answer.json()).payloads;
  };
  return { encode: (payloads) => by('encode', payloads), decode: (payloads) => by('decode', payloads) };
};

/** The real providers, as the worker's program has them. */
function outsideOf(
  { mail, twilio, bank, api, pace, runEvents }: Env,
  { database, keys, client }: { database: Database; keys: Keys; client: Client },
): Outside {
  const [mailbox, phone] = [sure(mail), sure(twilio)];
  return {
    database,
    keyring: keys.keyring,
    roots: keys.roots,
    noticeOf: noticeOfWorkflow(client),
    runs: claimRuns(client),
    renderer: createRenderer(join(projectRoot, 'templates')),
    sms: twilioSms({ ...phone, statusCallback: `${api.publicUrl}${webhookPaths.twilioStatus}` }),
    email: smtpEmail({ ...mailbox, url: mailbox.smtpUrl, tokenOf: mailTokens(database, keys.keyring) }),
    bank: isoBank({ ...sure(bank), callback: `${api.publicUrl}${webhookPaths.bank}` }),
    settings: { pace, runEvents },
  };
}

/** Sends any payload as an update; gives the answer, or the reason of the failure that the UI shows red. */
export async function updates(
  client: Client,
  claim: string,
  name: string,
  ...args: unknown[]
): Promise<{ answer: ActAnswer } | { red: string }> {
  try {
    const handle = client.workflow.getHandle(workflowIdOf(claim));
    const [payload] = args;
    return {
      answer:
        args.length === 0
          ? await handle.executeUpdate<ActAnswer, []>(name)
          : await handle.executeUpdate<ActAnswer, [unknown]>(name, { args: [payload] }),
    };
  } catch (fault) {
    if (!(fault instanceof WorkflowUpdateFailedError)) throw fault;
    const { cause } = fault;
    return { red: cause instanceof ApplicationFailure ? String(cause.details?.[0]) : String(cause) };
  }
}

export const signals = (client: Client, claim: string, name: string, ...args: unknown[]): Promise<void> =>
  client.workflow.getHandle(workflowIdOf(claim)).signal(name, ...args);

export const sure = <T>(value: T | undefined | null): T => {
  if (value === undefined || value === null) throw new Error('There is none');
  return value;
};
