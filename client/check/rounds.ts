import type { RecordsCheckSettings } from '../../config/records-check.ts';
import type { ClaimNumber } from '../../domain/ids.ts';
import { anchorKeysIn, type AnchorKey } from '../../security/anchor-keys.ts';
import { rootsIn } from '../../security/root-keys.ts';
import type { Api } from '../own-api/api.ts';
import { ApiFailure } from '../own-api/failure.ts';
import type { Finding, KeptCheck, RecordsCheck } from '../own-api/schemas/record-checks.ts';
import {
  dayOf,
  readAnchors,
  writeAnchor,
  type Anchored,
  type Anchors,
  type ToAnchor,
} from './anchor-files.ts';
import { finding } from './findings.ts';
import { checkClaim, checkRecords, type Checked, type Checking } from './records.ts';

/** Where a check runs: an auditor's machine, or the local stack. */
export interface Place {
  api: Api;
  /** Of the signed files. */
  folder: string;
  /** Of the public keys, in `roots` and `anchors`. */
  keys: string;
  settings: RecordsCheckSettings;
  now: Date;
  progress?: Checking['progress'];
}

export interface Round extends Checked {
  anchors: Anchors;
}

/** Checks everything, and keeps the result in the records: it is a problem until the next one is clean. */
export async function checkRound(place: Place, scope: 'nightly' | 'all'): Promise<Round> {
  const anchors = await anchorsAt(place, (await lastCheckAt(place))?.anchored ?? null);
  anchors.findings.push(...late(anchors, place));
  const checked = await checkRecords({ ...checkingAt(place, anchors), scope });
  await place.api.keepCheck(resultOf(checked, anchors, place.now));
  return { ...checked, anchors };
}

/** Checks one claim; the result is kept nowhere. */
export async function checkOne(place: Place, claim: ClaimNumber): Promise<Round> {
  const anchors = await anchorsAt(place, null);
  return { ...(await checkClaim(checkingAt(place, anchors), claim)), anchors };
}

/**
 * Writes the signed file of this day: the heads of all journals that changed since the last one, after a
 * check of what was stored since. What is not good is not signed, but named. Undefined `written`: the day has
 * its file already. `accepted`: claims whose journals are not as they should be, and why they stay so.
 */
export async function anchorRound(
  place: Place,
  key: AnchorKey,
  accepted: { claim: ClaimNumber; reason: string }[] = [],
): Promise<Round & { written: (Anchored & { file: string }) | undefined }> {
  const known = await anchorsAt(place, null);
  const kept: ToAnchor['accepted'] = [];
  for (const { claim, reason } of accepted) {
    const [there] = await place.api.knownClaim(claim);
    const seq = there?.head?.seq ?? 0;
    known.accepted.set(claim, seq);
    known.heads.delete(claim);
    kept.push({ claim, seq, reason });
  }
  const checked = await checkRecords({ ...checkingAt(place, known), scope: 'new' });
  const { heads } = checked;
  const gone = [...checked.gone, ...kept.filter(({ seq }) => seq === 0).map(({ claim }) => claim)];
  const isWritten = known.last?.date === dayOf(place.now.getTime());
  const written = isWritten
    ? undefined
    : writeAnchor(place.folder, key, { now: place.now, previous: known.last, heads, gone, accepted: kept });
  return { ...checked, anchors: known, written };
}

function late({ last }: Anchors, { now, settings }: Place): Finding[] {
  if (!last || now.getTime() - Date.parse(last.at) <= settings.lateHours * 3_600_000) return [];
  const what = `No file was written since ${last.at}: bin/lipei anchors write`;
  return [finding('anchors', {}, what)];
}

async function lastCheckAt({ api }: Place): Promise<KeptCheck | undefined> {
  try {
    return await api.lastCheck();
  } catch (fault) {
    if (fault instanceof ApiFailure && fault.problem.status === 404) return undefined;
    throw fault;
  }
}

const anchorsAt = ({ folder, keys }: Place, seen: Anchored | null): Promise<Anchors> =>
  readAnchors(folder, anchorKeysIn(keys), seen);

const checkingAt = (
  { api, keys, settings, now, progress }: Place,
  anchors: Anchors,
): Omit<Checking, 'scope'> & { scope: 'all' } => ({
  api,
  roots: rootsIn(keys),
  anchors,
  settings,
  now,
  scope: 'all',
  ...(progress ? { progress } : {}),
});

const mostKept = 500;

const resultOf = (
  { claims, entries, seconds, findings }: Checked,
  { last }: Anchors,
  began: Date,
): RecordsCheck => ({
  began: began.toISOString(),
  seconds,
  claims,
  entries,
  found: findings.length,
  findings: findings.slice(0, mostKept),
  anchored: last ? { date: last.date, sha256: last.sha256 } : null,
});
