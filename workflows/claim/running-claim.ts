import { allHandlersFinished, condition, workflowInfo } from '@temporalio/workflow';
import type { Claim } from '../../domain/claim/claim.ts';
import type { Command } from '../../domain/claim/commands.ts';
import { decide, recordDenial, type Decision } from '../../domain/claim/decide.ts';
import type { JournalEntry, Message } from '../../domain/claim/journal.ts';
import {
  isAboutStaff,
  isAskedFor,
  problemId,
  problemInWords,
  type BrokenPart,
} from '../../domain/claim/problems.ts';
import type { Notification, LedgerOutcome } from '../../domain/messages/notifications.ts';
import { isOwnStep, nextClaimStep, nextStep } from '../../domain/road/road.ts';
import type { Stage } from '../../domain/road/steps.ts';
import { denied, type Denied } from '../../domain/denial.ts';
import type { Rules } from '../../domain/rules/pack.ts';
import type { Calendar } from '../../domain/time/calendar.ts';
import { instantOf } from '../../domain/time/time.ts';
import { MomentOrder } from './moment-order.ts';
import {
  brokenBy,
  isNotTheOwner,
  needsPeople,
  trySeldom,
  unreadableRules,
  type Attempt,
} from '../blocked.ts';
import type { Payload } from '../contract.ts';

interface Effect {
  place: string;
  usual: BrokenPart;
  blocked?: () => void;
}

/** Known once the claim has been opened, or continued by a new run. */
interface Open {
  state: Claim;
  rules: Rules;
  /** At this number of events the run hands over to a new one. */
  runEvents: number;
}

/**
 * The claim in this run of the workflow: its state, the journal entries that are not stored yet, and the
 * number of effects in flight. State changes by `execute` and `deny` alone. Both are synchronous, so
 * concurrent code sees the change at once.
 */
export class RunningClaim {
  #open: Open | undefined;
  readonly unsaved: JournalEntry[] = [];
  readonly order = new MomentOrder();
  /** Payments whose orders are on their way to the bank. */
  readonly paying = new Set<string>();
  /** Unsaved entries that wait for the next moment, because the records show what they say already. */
  readonly #patient = new Set<JournalEntry>();
  #inFlight = 0;
  #leaving = false;
  #isLost = false;
  #head: string | undefined;
  #storedSeq = 0;
  #isToCompare = false;
  /** Signed reports, by the number of the journal's last entry after them. */
  readonly #reports = new Map<Payload, number>();
  #tookUpAt = 0;
  #abandoned: string | undefined;
  #askedToOpen = 0;
  #ended = false;

  takeUp(open: Open): void {
    this.#open = open;
    this.#tookUpAt = open.state.seq;
    this.#storedSeq = open.state.seq;
    this.#ended = open.state.outcome !== undefined;
  }

  /** The claim was not opened: messages get this sentence as their answer instead of waiting for ever. */
  abandon(sentence: string): void {
    this.#abandoned = sentence;
  }

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  get state(): Claim {
    return this.#opened.state;
  }

  get rules(): Rules {
    return this.#opened.rules;
  }

  /** Dates that are decided from now on follow the newer calendar; what is decided stays. */
  takeCalendar(calendar: Calendar): void {
    this.#opened.rules = { ...this.rules, calendar };
  }

  get now(): string {
    return instantOf(Date.now());
  }

  /**
   * Time to stop: this run hands over, or the claim has closed. It stays so until `resume`, even if the claim
   * is reopened meanwhile.
   */
  get over(): boolean {
    return this.#leaving || this.#ended;
  }

  /** A claim that was closed has been reopened: the process begins again. */
  resume(): void {
    this.#ended = this.state.outcome !== undefined;
  }

  get leaving(): boolean {
    return this.#leaving;
  }

  /**
   * Another run owns the claim, or the records hold more: this one does nothing more, and the claim is taken
   * up anew.
   */
  get isLost(): boolean {
    return this.#isLost;
  }

  lose(): void {
    this.#isLost = true;
  }

  /** Decides on the state of this moment and records in the same step. */
  execute(command: Command): Decision {
    const decision = decide(this.state, command, { now: this.now, rules: this.rules });
    if (decision.kind === 'decided') this.#append(decision);
    return decision;
  }

  deny(denial: Denied, message: { name: string; by: string; message?: Message }): void {
    this.#append(recordDenial(this.state, denial, message, { now: this.now, rules: this.rules }));
  }

  /** Entries that must be stored now. */
  get hasUrgentEntries(): boolean {
    return this.unsaved.some((entry) => !this.#patient.has(entry));
  }

  /** How far the journal is stored, as this run knows it. */
  get storedSeq(): number {
    return this.#storedSeq;
  }

  stored(entries: JournalEntry[]): void {
    for (const entry of this.unsaved.splice(0, entries.length)) this.#patient.delete(entry);
    this.#storedSeq = entries.at(-1)?.seq ?? this.#storedSeq;
    for (const [report, seq] of this.#reports) if (seq <= this.#storedSeq) this.#reports.delete(report);
  }

  /** The head of the stored journal: the Temporal UI keeps it where the records' owner cannot change it. */
  get head(): string | undefined {
    return this.#head;
  }

  showsAs(head: string | undefined): void {
    this.#head = head ?? this.#head;
  }

  /** A signed report that counted: it goes along until the records have what it changed. */
  received(report: Payload): void {
    if (this.hasUrgentEntries) this.#reports.set(report, this.state.seq);
  }

  get unstoredReports(): Payload[] {
    return [...this.#reports.keys()];
  }

  /** Somebody asks for a comparison with the records. */
  askToCompare(): void {
    this.#isToCompare = true;
  }

  get isToCompare(): boolean {
    return this.#isToCompare;
  }

  compared(): void {
    this.#isToCompare = false;
  }

  /**
   * Records what became of a message. One that went out with its moment is in the ledger and in the read
   * model, so its entry is stored with the next ones, and costs no activity of its own.
   */
  messageEnded(
    { id, channel }: Notification,
    outcome: LedgerOutcome,
    sent: 'with its moment' | 'later',
  ): void {
    const decision = this.execute({ kind: 'notification-ended', notification: id, outcome });
    const mayWait =
      decision.kind === 'decided' &&
      decision.entries.length === 1 &&
      outcome.kind === 'accepted' &&
      channel !== 'letter' &&
      sent === 'with its moment';
    if (mayWait) for (const entry of decision.entries) this.#patient.add(entry);
  }

  /** A person asks for an immediate attempt to open; false when the claim is open already. */
  askToOpen(): boolean {
    if (!this.isOpen) this.#askedToOpen += 1;
    return !this.isOpen;
  }

  /** An attempt to open has failed: the next one is under way, or waits for a person. */
  cannotOpen = false;

  /** How often a person asked for it. */
  get askedToOpen(): number {
    return this.#askedToOpen;
  }

  /** Messages may arrive before the claim is open: they wait. Undefined once it is open. */
  async ready(): Promise<Denied | undefined> {
    await condition(() => this.isOpen || this.#abandoned !== undefined);
    return this.#abandoned === undefined ? undefined : denied('not-now', this.#abandoned);
  }

  /** Waits for a change of the state, or for this run to stop. */
  async until(moved: () => boolean): Promise<void> {
    await condition(() => this.over || moved());
  }

  /**
   * Carries out an effect with the retries of its class. When they are used up, it becomes a problem for
   * operations. It resumes when they ask for it, or when a later attempt succeeds. So a fault in one item
   * never ends the whole claim. `place` distinguishes effects that are blocked for the same reason; `usual`
   * is the broken part when there was no answer; `blocked` is called when the effect becomes a problem.
   */
  async effect<T>({ place, usual, blocked }: Effect, attempt: Attempt<T>): Promise<T> {
    for (;;) {
      this.#inFlight += 1;
      try {
        return await attempt({});
      } catch (fault) {
        if (isNotTheOwner(fault)) {
          this.lose();
          // Nothing of it continues here.
          await new Promise<never>(() => undefined);
        }
        const broken = brokenBy(fault, usual);
        const problem = problemId(broken, place);
        this.execute({
          kind: 'raise-problem',
          problem,
          what: problemInWords(broken, unreadableRules(fault)),
        });
        blocked?.();
        const later = await this.#fixed(problem, attempt, needsPeople(fault));
        if (later) {
          this.resumeAfter(broken);
          return later.value;
        }
        // Solved, unless a person asked for the attempt: the next one names the part that is broken now.
        this.execute({ kind: 'solve-problem', problem });
      } finally {
        this.#inFlight -= 1;
      }
    }
  }

  /** The part has just answered, so every other effect that it blocked is tried at once. */
  resumeAfter(part: BrokenPart): void {
    if (this.state.problems.some((open) => isAskedFor(open, part)))
      this.execute({ kind: 'solve-problem', problem: part });
  }

  /** Tried seldom, or only when a person asks for it; undefined when a person did. */
  async #fixed<T>(
    problem: string,
    attempt: Attempt<T>,
    byPeople: boolean,
  ): Promise<{ value: T } | undefined> {
    const isSolved = (): boolean => !this.state.problems.some(({ id }) => id === problem);
    if (!byPeople) return this.inFlight(() => trySeldom(attempt, isSolved));
    await condition(isSolved);
    return undefined;
  }

  async inFlight<T>(act: () => Promise<T>): Promise<T> {
    this.#inFlight += 1;
    try {
      return await act();
    } finally {
      this.#inFlight -= 1;
    }
  }

  /**
   * The history is long enough, nothing is under way that a new run would lose, and this run has recorded
   * something: otherwise new runs would follow one another for ever.
   */
  mayStartNewRun(): boolean {
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    const isLong = continueAsNewSuggested || historyLength >= this.#opened.runEvents;
    return (
      isLong && this.state.seq > this.#tookUpAt && this.#isQuiet() && this.state.problems.every(isAboutStaff)
    );
  }

  startNewRun(): void {
    this.#leaving = true;
  }

  #isQuiet(): boolean {
    return (
      this.#inFlight === 0 &&
      !this.hasUrgentEntries &&
      this.state.outbox.length === 0 &&
      this.state.acknowledged &&
      allHandlersFinished() &&
      !this.#hasOwnStep()
    );
  }

  /** The process is about to take a step by itself. */
  #hasOwnStep(): boolean {
    const { state, rules } = this;
    const steps = [nextClaimStep(state), ...state.items.map((item) => nextStep(state, item, rules.pack))];
    const isWaiting = (step: Stage): boolean => step === 'pay' && state.withdrawalRequested;
    return steps.some((step) => step !== undefined && isOwnStep(step) && !isWaiting(step));
  }

  #append({ entries, claim }: { entries: JournalEntry[]; claim: Claim }): void {
    this.unsaved.push(...entries);
    this.#opened.state = claim;
    this.#ended ||= claim.outcome !== undefined;
  }

  get #opened(): Open {
    if (!this.#open) throw new Error('The claim is not open yet');
    return this.#open;
  }
}
