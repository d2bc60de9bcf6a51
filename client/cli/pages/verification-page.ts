import type { Signer } from '../../../domain/signed-payload.ts';
import { localTime, zoneLine } from '../input/times.ts';
import type { Named } from '../staff-names.ts';
import { table } from '../table.ts';
import type { Verification, VerifiedMessage } from '../verification.ts';

export function verificationPage(
  claim: string,
  { entries, messages, brokenAt, doubt }: Verification,
  named: Named,
): string {
  const rows = messages.map((each) => [String(each.seq), ...columnsOf(each, named)]);
  return [
    messages.length > 0
      ? table(['', 'signed at', 'by', 'message', 'signature'], rows)
      : 'Nobody signed anything.',
    '',
    brokenAt === undefined
      ? `The hashes of all ${entries} entries follow one another.`
      : `BROKEN: the hash of entry ${brokenAt} does not follow; the journal was changed there.`,
    doubt
      ? `DOUBTFUL: entry ${doubt.seq}. ${doubt.why}`
      : `All that money rests on in ${claim} follows from what was signed, and from the rules of the claim.`,
    zoneLine(),
  ].join('\n');
}

function columnsOf(message: VerifiedMessage, named: Named): string[] {
  if (message.verdict !== 'genuine') return ['', 'nobody', message.kind, `NOT GENUINE: ${message.verdict}`];
  return [localTime(message.at), named(signerIn(message.by)), message.act, 'genuine'];
}

export function signerIn(by: Signer): string {
  switch (by.kind) {
    case 'staff':
      return by.code;
    case 'party':
      return by.party;
    case 'provider':
      return by.name;
    default:
      return 'Lipei';
  }
}
