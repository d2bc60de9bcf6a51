import type { KeyObject } from 'node:crypto';
import type { ClaimNumber } from '../../domain/ids.ts';
import type { Instant } from '../../domain/time/time.ts';
import { checkProof } from '../../security/signing.ts';
import type { Database } from '../database.ts';
import { signedLines, type SignedLine } from '../journal/signed-lines.ts';

/** Who holds a claim, by the last act about it that somebody genuinely signed. */
interface Hold {
  act: string;
  at: Instant;
  by: string;
}

/**
 * The claims that stay as they are until somebody releases them, with who holds each. Looks at `only` alone
 * if it is given. A forged release releases nothing.
 */
export async function heldClaims(
  database: Pick<Database, 'signedLine'>,
  roots: readonly KeyObject[],
  only?: ClaimNumber,
): Promise<Map<ClaimNumber, string>> {
  const last = new Map<ClaimNumber, Hold>();
  for (const { claim, by, proof } of await linesAbout(database, only)) {
    const checked = checkProof(roots, proof);
    if (claim === undefined || checked.kind === 'unproven' || checked.statement.claim !== claim) continue;
    const { at, act } = checked.statement;
    if (isAboutHolding(act) && (last.get(claim)?.at ?? '') <= at) last.set(claim, { act, at, by });
  }
  return new Map([...last].flatMap(([claim, { act, by }]) => (act === holding ? [[claim, by]] : [])));
}

const [holding, releasing] = ['hold-claim', 'release-claim'];

const isAboutHolding = (act: string): boolean => act === holding || act === releasing;

async function linesAbout(
  database: Pick<Database, 'signedLine'>,
  only: ClaimNumber | undefined,
): Promise<SignedLine[]> {
  if (only !== undefined)
    return (await signedLines(database, { claim: only })).filter(({ act }) => isAboutHolding(act));
  const [holds, releases] = await Promise.all([
    signedLines(database, { act: holding }),
    signedLines(database, { act: releasing }),
  ]);
  return [...holds, ...releases];
}
