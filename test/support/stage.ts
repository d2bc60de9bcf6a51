import { randomUUID } from 'node:crypto';
import { Client, WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { Duration } from '@temporalio/common';
import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Runtime, DefaultLogger } from '@temporalio/worker';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { connectDatabase, type Database } from '../../records/database.ts';
import { createRenderer } from '../../wording/renderer/renderer.ts';
import { projectRoot } from '../../config/env.ts';
import { houseRules, type RuleBook } from '../../config/rules/load.ts';
import { memoized } from '../../domain/memo.ts';
import type { RulePack } from '../../domain/rules/pack.ts';
import { filingFields } from '../../domain/claim/filing.ts';
import { marking } from '../../records/keys/contact-key.ts';
import { contact, type Contact } from '../../records/parties/parties.ts';
import { endedMeanwhile } from '../../client/engine/faults.ts';
import { noticeOfWorkflow } from '../../client/engine/notice-of-workflow.ts';
import { claimRuns } from '../../client/engine/runs.ts';
import type { ActName } from '../../domain/claim/acts.ts';
import { reports, type ReportName } from '../../domain/claim/reports.ts';
import type { Proof, Signer, Statement } from '../../domain/signed-payload.ts';
import { authorityOf } from '../../records/staff/authority.ts';
import type { Claim } from '../../domain/claim/claim.ts';
import { senderOf } from '../../domain/claim/sender.ts';
import { untilKept, type Kept } from '../../records/claims/stored-claim.ts';
import { claimNumber, workflowIdOf } from '../../domain/ids.ts';
import type { JournalEntry } from '../../domain/claim/journal.ts';
import type { NoticeOfLoss } from '../../domain/claim/notice.ts';
import { payableHash } from '../../domain/money/payable.ts';
import { searchAttributes } from '../../config/search-attributes.ts';
import { timeSkippingServer } from '../../local/tools.ts';
import { dataConverter } from '../../security/data-converter.ts';
import { seal, unseal } from '../../security/sealing.ts';
import { signStatement } from '../../security/signing.ts';
import { createClaimsWorker } from '../../workers/claims-worker.ts';
import { claimQuery, reportSignal, type ActAnswer, type ClaimResult } from '../../workflows/contract.ts';
import { recordHistories } from './histories.ts';
import {
  recordingBank,
  recordingEmail,
  recordingSms,
  type RecordingBank,
  type RecordingEmail,
  type RecordingSms,
} from './recording.ts';
import { keepRecords } from './records.ts';
import { testKeyring, testRoots, testSigning } from './test-keyring.ts';
import { asProgram, ownDatabase, runtime } from './runtime.ts';

const logs: string[] = [];
const keep = new DefaultLogger(
  'INFO',
  ({ level, message, meta }) => void logs.push(`${level} ${message} ${inspect(meta)}`),
);

/** Files the notices: what nobody has signed is never released by rules. */
const hotline: Signer = {
  kind: 'staff',
  code: 'H-101',
  roles: ['hotline'],
  branch: 'longkou',
  conflicts: [],
};

/**
 * The real workflow code and the real activities on the time-skipping server and a real PostgreSQL; only
 * providers are recording fakes.
 */
export interface Stage {
  env: TestWorkflowEnvironment;
  client: Client;
  /** The records as their owner; the worker has the role of the programs. */
  database: Database;
  sms: RecordingSms;
  email: RecordingEmail;
  bank: RecordingBank;
  files(notice: NoticeOfLoss): Promise<ClaimOnStage>;
  /** Each with the test that filed it, which names its histories when they are recorded. */
  claims: { test: string; claim: ClaimOnStage }[];
  /** A claim that was started otherwise, or not at all. */
  claimOf(number: string): ClaimOnStage;
  /** Everything that workers have logged. */
  logs: string[];
  /** Another account of a party, kept as the API keeps it; gives its mark. */
  keepsAccount(claim: string, party: string, account: string): Promise<string>;
  /** Another way to reach a party, kept as the API keeps it. */
  keepsContact(claim: string, party: string, change: { phone: string; email: string }): Promise<void>;
  /** Lets business time pass: every timer that is due in it fires. */
  passes(time: Duration): Promise<void>;
  close(): Promise<void>;
}

export interface ClaimOnStage {
  number: string;
  handle: WorkflowHandle;
  does(person: string, act: ActName, fields?: Record<string, unknown>): Promise<ActAnswer>;
  approves(person: string, item: string): Promise<ActAnswer>;
  /** What the API would send for this person; the time is now unless a test gives another. */
  signs(person: string, act: string, fields?: object, given?: { at?: string; id?: string }): Promise<Proof>;
  /** Any payload at all, as anybody who can reach the engine may send it. */
  sends(act: ActName, payload?: unknown): Promise<ActAnswer>;
  /** Signed as its usual reporter, unless a test gives another. `id` is the report's own. */
  reports(fact: ReportName, fields: Record<string, unknown>, by?: Signer): Promise<void>;
  state(): Promise<Claim>;
  /** Waits, in real time, until the claim is as the test needs it; business time stops meanwhile. */
  until(what: string, holds: (claim: Claim) => boolean): Promise<Claim>;
  journal(): Promise<JournalEntry[]>;
  /** `kind/channel → recipient`, in the order in which they were decided. */
  notified(): Promise<string[]>;
  /** Ends its run as somebody in the Temporal UI may, and takes the claim up from the records. */
  isInterrupted(): Promise<void>;
  result(): Promise<ClaimResult>;
  histories(): Promise<History[]>;
}

/** Rules by which only losses of the same millisecond count together. */
const apart = (book: RuleBook): RuleBook => ({
  ...book,
  inForce: (pace) => book.inForce(pace).map((pack) => alone(pack)),
  recorded: (versions) => alone(book.recorded(versions)),
});
const alone = memoized((pack: RulePack): RulePack => ({
  ...pack,
  together: { ...pack.together, policyHours: 0, accountHours: 0, vehicleHours: 0 },
}));

/**
 * `through` gives the worker another address for the database: that of a way to it that a test can cut; `rules` others
 * than the project's. The claims of a stage have one policy, one account and almost one loss; only with
 * `together` do they count together. With `hasPolicySource` a policy that is not in the book is awaited.
 */
export async function openStage({
  runEvents = 30,
  pace = 'any-hour',
  rules = houseRules,
  together = false,
  hasPolicySource = false,
  through = async (url: string) => url,
} = {}): Promise<Stage> {
  installQuietly();
  const claims: Stage['claims'] = [];
  const keyring = testKeyring();
  const converter = dataConverter(keyring, { roots: testRoots });
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: await timeSkippingServer() } },
  });
  await env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: indexedTypes(),
  });
  const client = new Client({ connection: env.connection, dataConverter: converter });
  const url = await ownDatabase();
  const database = connectDatabase(url);
  const programs = connectDatabase(await through(asProgram(url)));
  await keepRecords(database);
  const mark = await marking(database, keyring);
  const [sms, email, bank] = [recordingSms(), recordingEmail(), recordingBank()];
  const worker = await createClaimsWorker(
    {
      connection: env.nativeConnection,
      namespace: 'default',
      dataConverter: converter,
      workflowBundle: { codePath: runtime().bundle },
    },
    {
      database: programs,
      keyring,
      roots: testRoots,
      noticeOf: noticeOfWorkflow(client),
      // The time-skipping server lists nothing.
      runs: { ...claimRuns(client), runsOf: async () => [] },
      renderer: createRenderer(join(projectRoot, 'templates')),
      sms,
      email,
      bank,
      settings: { pace, rules: together ? rules : apart(rules), runEvents, hasPolicySource },
    },
  );
  const running = worker.run();

  const sign: Backstage['sign'] = async (claim, act, by, fields, { at, id = randomUUID() } = {}) =>
    signStatement(testSigning, {
      claim,
      act,
      id,
      fields,
      at: at ?? new Date(await env.currentTimeMs()).toISOString(),
      by: typeof by === 'string' ? await staff(by, claim) : by,
    });
  const staff = async (code: string, claim: string): Promise<Signer> => {
    const person = (await authorityOf(database, [code], { claim })).people.get(code);
    return { kind: 'staff', code, ...(person ?? { roles: [], branch: 'nowhere', conflicts: [] }) };
  };
  const claimOf = (number: string): ClaimOnStage =>
    onStage({ number, handle: client.workflow.getHandle(workflowIdOf(number)), client, database, sign });

  const keeps = async (claim: string, party: string, change: (known: Contact) => Contact): Promise<void> => {
    const { key, sealed } = await database.party.findUniqueOrThrow({
      where: { claim_id: { claim, id: party } },
    });
    const changed = change(contact.parse(unseal(key, keyring, sealed, `${claim}/${party}`)));
    await database.party.update({
      where: { claim_id: { claim, id: party } },
      data: { sealed: seal(key, keyring, changed, `${claim}/${party}`) },
    });
  };

  return {
    env,
    client,
    database,
    sms,
    email,
    bank,
    claims,
    logs,
    claimOf,
    async files(notice) {
      const number = claimNumber(notice.source, notice.reference);
      // What rules release in a day for one policy or account has a limit.
      await database.$transaction([database.payment.deleteMany(), database.claimMark.deleteMany()]);
      const beside = { notice, salt: 'salt' };
      await client.workflow.start('claim', {
        workflowId: workflowIdOf(number),
        taskQueue: 'claims',
        args: [{ ...(await sign(number, 'file', hotline, filingFields(beside, mark))), beside }],
      });
      const claim = claimOf(number);
      claims.push({ test: expect.getState().currentTestName ?? 'before-all', claim });
      await claim.until('opened', ({ acknowledged }) => acknowledged);
      return claim;
    },
    keepsContact: (claim, party, change) => keeps(claim, party, (known) => ({ ...known, ...change })),
    async keepsAccount(claim, party, account) {
      const of = mark('account', account);
      await keeps(claim, party, (known) => ({
        ...known,
        accounts: { ...known.accounts, [of]: account },
      }));
      return of;
    },
    async passes(time) {
      for (let next: Duration | undefined = time; next !== undefined;) {
        await env.sleep(next);
        await pause(20); // the timers that fired have reached the worker
        const due: number[] = [];
        for (const { claim } of claims) due.push(...timersIn(await atRest(client, claim.handle.workflowId)));
        next = untilTimersAreFar(due, await env.currentTimeMs());
      }
    },
    async close() {
      await recordHistories(claims);
      worker.shutdown();
      await running;
      await Promise.all([database.$disconnect(), programs.$disconnect()]);
      await env.teardown();
    },
  };
}

interface Backstage {
  number: string;
  handle: WorkflowHandle;
  client: Client;
  database: Database;
  sign(
    claim: string,
    act: string,
    by: string | Signer,
    fields: object,
    given?: { at?: string; id?: string },
  ): Promise<Proof>;
}

const isProof = (value: unknown): value is { signed: string } =>
  typeof value === 'object' && value !== null && 'signed' in value && typeof value.signed === 'string';

function onStage({ number, handle, client, database, sign }: Backstage): ClaimOnStage {
  // The time-skipping server loses whatever meets a continue-as-new: a claim is queried, and gets messages, at rest.
  const rests = (): Promise<Events> => atRest(client, handle.workflowId);
  const state = async (): Promise<Claim> => {
    await rests();
    const claim = await handle.query(claimQuery);
    if (!claim) throw new Error(`Claim ${number} is not open`);
    return claim;
  };
  const signs: ClaimOnStage['signs'] = (person, act, fields = {}, given) =>
    sign(number, act, person, fields, given);
  const sends: ClaimOnStage['sends'] = async (act, payload) => {
    await rests();
    const sent =
      payload === undefined
        ? handle.executeUpdate<ActAnswer, []>(act)
        : handle.executeUpdate<ActAnswer, [unknown]>(act, { args: [payload] });
    // As the API does it: the run ended meanwhile, or did not own the claim.
    const answer = await sent.catch((fault: unknown) =>
      endedMeanwhile(fault) && !(fault instanceof WorkflowNotFoundError)
        ? sends(act, payload)
        : Promise.reject(fault),
    );
    const kept = act === 'retry' ? 'kept' : await keptAs(answer, payload);
    return kept === 'kept' ? answer : sends(act, payload);
  };
  const keptAs = async ({ entry: seq }: ActAnswer, payload: unknown): Promise<Kept> => {
    if (seq === undefined || !isProof(payload)) return 'kept';
    const { id, by }: Statement = JSON.parse(payload.signed);
    return untilKept(database, number, { seq, id, from: senderOf(by) }, 2_000);
  };
  const does: ClaimOnStage['does'] = async (person, act, fields) =>
    rests().then(async () => sends(act, await signs(person, act, fields)));
  const entries = async (): Promise<JournalEntry[]> =>
    rests().then(async () =>
      (await database.journalEntry.findMany({ where: { claim: number }, orderBy: { seq: 'asc' } })).map(
        ({ entry }): JournalEntry => JSON.parse(entry),
      ),
    );
  return {
    number,
    handle,
    state,
    does,
    signs,
    sends,
    approves: async (person, item) => {
      const claim = await state();
      const found = claim.items.find(({ id }) => id === item);
      return does(person, 'approve', { item, of: (found && payableHash(claim, found)) ?? '' });
    },
    reports: async (fact, { id = randomUUID(), ...fields }, by = reporterOf(fact)) => {
      const proof = await sign(number, fact, by, fields, { id: String(id) });
      await rests().then(() => handle.signal(reportSignal(fact), proof));
    },
    async until(what, holds) {
      const limit = Date.now() + 30_000;
      for (;;) {
        const claim = await state().catch(() => undefined);
        if (claim && holds(claim)) return claim;
        if (Date.now() > limit)
          throw new Error(
            `Claim ${number} is not ${what}: ${claim ? JSON.stringify({ stage: claim.stage, expectations: claim.expectations.map(({ id }) => id), outbox: claim.outbox.length, problems: claim.problems }) : 'not open'}`,
          );
        await pause(50);
      }
    },
    journal: () => rests().then(entries),
    async notified() {
      const planned = (await entries()).flatMap((entry) =>
        entry.kind === 'notification-planned' ? [`${entry.notification.kind}-${entry.notification.seq}`] : [],
      );
      const rows = await database.notification.findMany({
        where: { claim: number },
        orderBy: { channel: 'asc' },
      });
      return rows
        .toSorted((a, b) => planned.indexOf(`${a.kind}-${a.seq}`) - planned.indexOf(`${b.kind}-${b.seq}`))
        .map(({ kind, channel, recipient }) => `${kind}/${channel} → ${recipient}`);
    },
    async isInterrupted() {
      await rests();
      await handle.terminate('interrupted');
      await client.workflow.start('claim', {
        workflowId: handle.workflowId,
        taskQueue: 'claims',
        args: [{ resume: number }],
      });
    },
    result: async () => handle.result(),
    async histories() {
      const runs: History[] = [];
      for await (const { runId, workflowId } of executionsOf(client, handle.workflowId))
        runs.push(await client.workflow.getHandle(workflowId, runId).fetchHistory());
      return runs;
    },
  };
}

/** The first that the table of reports names. */
function reporterOf(fact: ReportName): Signer {
  const [name] = reports[fact].from;
  return name === undefined || name === 'system' ? { kind: 'system' } : { kind: 'provider', name };
}

/**
 * No workflow task and no activity under way (but what is beyond its bound and tried seldom), and no new run:
 * whatever was decided has been carried out and stored. Read from one answer, the history, for two answers
 * may be of two moments. Gives the newest run's events, none when the claim has ended.
 */
async function atRest(client: Client, workflowId: string): Promise<Events> {
  for (const limit = Date.now() + 30_000; Date.now() < limit; await pause(15)) {
    const { status, runId } = await client.workflow.getHandle(workflowId).describe();
    if (status.name !== 'RUNNING') return [];
    const { history } = await client.workflowService.getWorkflowExecutionHistory({
      namespace: 'default',
      execution: { workflowId, runId },
    });
    const events = history?.events ?? [];
    if (isIdle(events)) return events;
  }
  throw new Error(`${workflowId} does not come to rest`);
}

type Events = NonNullable<History['events']>;

function isIdle(events: Events): boolean {
  const count = (holds: (event: Events[number]) => unknown): number => events.filter(holds).length;
  const ended = new Set(
    events.map((event) =>
      (
        event.activityTaskCompletedEventAttributes ??
        event.activityTaskFailedEventAttributes ??
        event.activityTaskTimedOutEventAttributes ??
        event.activityTaskCanceledEventAttributes
      )?.scheduledEventId?.toString(),
    ),
  );
  const underWay = count(
    ({ eventId, activityTaskScheduledEventAttributes: scheduled }) =>
      scheduled && (scheduled.retryPolicy?.maximumAttempts ?? 0) > 0 && !ended.has(eventId?.toString()),
  );
  const lastTask = events.findLast(
    (event) => event.workflowTaskScheduledEventAttributes ?? event.workflowTaskCompletedEventAttributes,
  );
  return (
    underWay === 0 &&
    lastTask?.workflowTaskCompletedEventAttributes != null &&
    !events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes
  );
}

/**
 * The time-skipping server runs at real pace between skips, and never again carries out a workflow task that
 * cancels a timer which fired while the worker had the task (temporalio/sdk-java#3088). Skips end on whole
 * days, as timers do: without this distance the next message would race them.
 */
const timersAreFarMs = 30_000;

/** How long to sleep on, so that no timer is about to fire; undefined when none is. */
function untilTimersAreFar(due: readonly number[], now: number): Duration | undefined {
  const close = due.map((at) => at - now).filter((ms) => ms < timersAreFarMs);
  return close.length > 0 ? Math.max(...close, 0) + 1 : undefined;
}

/** When a run's open timers are due, in milliseconds of the server's time. */
function timersIn(events: Events): number[] {
  const over = new Set(
    events.map((event) =>
      (event.timerFiredEventAttributes ?? event.timerCanceledEventAttributes)?.startedEventId?.toString(),
    ),
  );
  return events.flatMap(({ eventId, eventTime, timerStartedEventAttributes: timer }) =>
    timer && !over.has(eventId?.toString())
      ? [(optionalTsToMs(eventTime) ?? 0) + (optionalTsToMs(timer.startToFireTimeout) ?? 0)]
      : [],
  );
}

/**
 * The runs of one claim, first to last: the time-skipping server has no list, so each is found by the one
 * before.
 */
async function* executionsOf(
  client: Client,
  workflowId: string,
): AsyncGenerator<{ workflowId: string; runId: string }> {
  const latest = await client.workflow.getHandle(workflowId).describe();
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: 'default',
    execution: { workflowId, runId: latest.runId },
    maximumPageSize: 1,
  });
  let runId: string | null | undefined =
    history?.events?.[0]?.workflowExecutionStartedEventAttributes?.firstExecutionRunId;
  while (runId) {
    yield { workflowId, runId };
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    runId = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
}

/** As the server's own enum has them; the time-skipping server cannot list what it knows. */
const indexedTypes = (): Record<string, number> => {
  const numbers: Record<string, number> = {
    Text: 1,
    Keyword: 2,
    Int: 3,
    Double: 4,
    Bool: 5,
    Datetime: 6,
    KeywordList: 7,
  };
  return Object.fromEntries(
    Object.entries(searchAttributes).map(([name, type]) => [name, numbers[type] ?? 0]),
  );
};

let installed = false;

function installQuietly(): void {
  if (!installed)
    Runtime.install({ logger: keep, telemetryOptions: { logging: { filter: 'WARN', forward: {} } } });
  installed = true;
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
