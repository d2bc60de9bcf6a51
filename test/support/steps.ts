import { createHash } from 'node:crypto';
import type { NoticeOfLoss } from '../../domain/claim/notice.ts';
import { aNote } from './builders.ts';
import { aNotice } from './notices.ts';
import { pause, type ClaimOnStage, type Stage } from './stage.ts';
import { present } from '../../domain/present.ts';

/** What happens in many stories, as people and providers do it; each waits until the claim has moved on. */

/** A document comes by upload and a handler accepts it. */
export async function brings(
  claim: ClaimOnStage,
  document: string,
  item?: string,
  by = 'C-301',
): Promise<void> {
  await uploads(claim, document, item);
  expect(await claim.does(by, 'accept-document', { document, ...present({ item }) })).toMatchObject({
    kind: 'recorded',
  });
}

let uploaded = 0;

/** Another file each time: the same bytes again would change nothing. */
export async function uploads(claim: ClaimOnStage, document: string, item?: string): Promise<void> {
  await claim.reports('document-arrived', {
    document,
    attachment: createHash('sha256')
      .update(`${document} ${(uploaded += 1)}`)
      .digest('hex'),
    ...present({ item }),
  });
  await claim.until(`received ${document}`, ({ documents, items }) =>
    [documents, ...items.map((each) => each.documents)].some((held) => held[document]?.state === 'received'),
  );
}

export const survey = async (claim: ClaimOnStage): Promise<void> =>
  void expect(
    await claim.does('S-201', 'report-survey', { onScene: true, findings: aNote('findings') }),
  ).toMatchObject({
    kind: 'recorded',
  });

/** Surveyed, and every document that an insured vehicle up to ¥5,000 needs is there. */
export async function isComplete(claim: ClaimOnStage): Promise<void> {
  await survey(claim);
  await brings(claim, 'driving-licence');
  await brings(claim, 'accident-certificate');
}

/** C-302 is of another branch: a superior appoints them, to assess and to review. */
export async function borrows(claim: ClaimOnStage): Promise<void> {
  const as = { branch: 'elsewhere', roles: ['handler', 'reviewer'], conflicts: [] };
  for (const role of as.roles)
    expect(
      await claim.does('U-901', 'appoint', { to: 'C-302', role, reason: 'special-knowledge', as }),
    ).toMatchObject({ kind: 'recorded' });
}

/** A handler fixes the loss of an item, once it stands there. */
export async function assesses(claim: ClaimOnStage, item: string, amountMinor: number): Promise<void> {
  const { items } = await stands(claim, `assess:${item}`);
  const claimed = items.find(({ id }) => id === item)?.claimedMinor ?? 0;
  expect(
    await claim.does('C-301', 'assess', { item, amountMinor, ...because(claimed, amountMinor) }),
  ).toMatchObject({ kind: 'recorded' });
}

/** Why less is assessed than was claimed, where it is. */
export const because = (
  claimedMinor: number,
  amountMinor: number,
): { cuts?: { reason: string; minor: number }[] } =>
  amountMinor < claimedMinor ? { cuts: [{ reason: 'depreciation', minor: claimedMinor - amountMinor }] } : {};

/** Waits until the claim waits for this. */
export const stands = (claim: ClaimOnStage, expectation: string): ReturnType<ClaimOnStage['until']> =>
  claim.until(`waiting for ${expectation}`, ({ expectations }) =>
    expectations.some(({ id }) => id === expectation),
  );

export async function bankPays(claim: ClaimOnStage, item: number): Promise<void> {
  const payment = await atTheBank(claim, item);
  await claim.reports('bank-confirmed', { payment, reference: 'BANK-1' });
  await claim.until('paid', (state) => state.items[item]?.outcome?.kind === 'paid');
}

/** Waits until the item's payment is with the bank, and gives its id. */
export async function atTheBank(claim: ClaimOnStage, item: number): Promise<string> {
  const { items } = await claim.until(
    'at the bank',
    (state) => state.items[item]?.payments.at(-1)?.kind === 'instructed',
  );
  return items[item]?.payments.at(-1)?.id ?? '';
}

/** Files a notice of loss of today's; a test names only what it is about. */
export const files = async (stage: Stage, change: Partial<NoticeOfLoss> = {}): Promise<ClaimOnStage> =>
  stage.files(aNotice(change, new Date(await stage.env.currentTimeMs())));

/** What was sent of this kind: `kind/channel → recipient`. */
export const sentOf = async (claim: ClaimOnStage, kind: string): Promise<string[]> =>
  (await claim.notified()).filter((line) => line.startsWith(`${kind}/`));

export const kindsOf = async (claim: ClaimOnStage): Promise<string[]> =>
  (await claim.journal()).map(({ kind }) => kind);

/** Why messages were refused, in order, as the journal has it. */
export const denialsOf = async (claim: ClaimOnStage): Promise<string[]> =>
  (await claim.journal()).flatMap((entry) => (entry.kind === 'message-denied' ? [entry.denial.reason] : []));

export const expectationsOf = async (claim: ClaimOnStage): Promise<string[]> =>
  (await claim.state()).expectations.map(({ id }) => id).toSorted();

/** Waits, in real time, until it is so. */
export async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const limit = Date.now() + 15_000; !(await holds()); await pause(50))
    if (Date.now() > limit) throw new Error(`It is never ${what}`);
}
