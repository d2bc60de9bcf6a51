import { itemOf, lastPayment, type Claim, type Item } from '../../domain/claim/claim.ts';
import { documentsOf, ruleFor } from '../../domain/documents/requirements.ts';
import { majorUnits } from '../../domain/money/money.ts';
import { dueMinor } from '../../domain/money/payable.ts';
import { absenceOn, deputyOf } from '../../domain/people/deputies.ts';
import type { Member, Takers } from '../../domain/people/takers.ts';
import { present } from '../../domain/present.ts';
import type { RulePack } from '../../domain/rules/pack.ts';
import { endedBy } from '../../domain/waiting/endings.ts';
import type { Expectation } from '../../domain/waiting/expectation.ts';
import type { LocalDate } from '../../domain/time/time.ts';
import type { Task } from '../../client/own-api/schemas/work.ts';

interface Looked {
  me: Member;
  takers: Takers;
  pack: RulePack;
  today: LocalDate;
  staff: readonly Member[];
}

/** One task with all that its act must name: codes, amounts and dates, nothing personal. */
export function taskIn(
  claim: Claim,
  expectation: Expectation,
  { me, takers, pack, today, staff }: Looked,
): Task {
  const { id, from, what, since, due, promised, next } = expectation;
  const item = expectation.item === undefined ? undefined : itemOf(claim, expectation.item);
  const act = endedBy(expectation, item);
  const minor = item && amountIn(claim, item, act);
  return {
    claim: claim.number,
    id,
    from,
    what,
    since,
    due,
    next,
    policy: claim.policy,
    currency: claim.currency,
    others: [...takers.present, ...takers.absent]
      .filter(({ code }) => code !== me.code)
      .map((each) => otherIn(each, takers, today)),
    ...present({
      item: expectation.item,
      promised,
      inPlaceOf: takers.absent.find((each) => deputyOf(each, staff, today)?.code === me.code)?.code,
      act: act === 'watch' ? undefined : act,
      document: act === 'accept-document' ? handedIn(claim, item, expectation, pack) : undefined,
      party: act === 'record-call' ? afterColon(id) : undefined,
      letter: act === 'post-letter' ? afterColon(id) : undefined,
      amount: minor === undefined ? undefined : majorUnits(minor, claim.currency),
    }),
  };
}

const otherIn = (member: Member, { absent }: Takers, today: LocalDate): Task['others'][number] => {
  if (!absent.includes(member)) return { code: member.code };
  return { code: member.code, absent: { until: absenceOn(member, today)?.until ?? null } };
};

const afterColon = (id: string): string => id.slice(id.indexOf(':') + 1);

/** The paper that came: a substitute may stand in for the required one. */
function handedIn(claim: Claim, item: Item | undefined, { id }: Expectation, pack: RulePack): string {
  const asked = id.split(':').at(-1) ?? '';
  const rule = ruleFor(asked, pack);
  const documents = rule ? documentsOf(claim, item, rule) : {};
  return [asked, ...(rule?.substitutes ?? [])].find((kind) => documents[kind]?.state === 'received') ?? asked;
}

/** In minor units: what is claimed, assessed, payable or held, whichever the act is about. */
function amountIn(claim: Claim, item: Item, act: ReturnType<typeof endedBy>): number | undefined {
  switch (act) {
    case 'assess':
      return item.claimedMinor;
    case 'verify':
      return item.assessment?.amountMinor;
    case 'approve':
      return dueMinor(claim, item);
    case 'refuse':
      return item.claimedMinor;
    case 'clear-payment':
      return lastPayment(item)?.amountMinor;
    default:
      return undefined;
  }
}
