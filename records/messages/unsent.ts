import type { Claim } from '../../domain/claim/claim.ts';
import type { ShownNotification, Unsent } from '../../client/own-api/schemas/messages.ts';

/**
 * The messages that the claim has yet to send, in order. A message waits for contact hours, for others of its
 * kind, or for the one before it to the same recipient by the same channel.
 */
export function unsentOf({ outbox }: Pick<Claim, 'outbox'>, listed: ShownNotification[]): Unsent[] {
  const lanes = new Map<string, string>();
  return outbox.map(({ id, kind, channel, to, notBefore: gathers }) => {
    const recipient = to.party;
    const lane = `${recipient} ${channel}`;
    const hours = listed.find((each) => each.id === id)?.notBefore;
    const notBefore = latest([lanes.get(lane), hours, gathers]);
    if (notBefore === undefined) return { id, kind, channel, to: recipient };
    lanes.set(lane, notBefore);
    return { id, kind, channel, to: recipient, notBefore };
  });
}

const latest = (moments: (string | undefined)[]): string | undefined =>
  moments
    .filter((each) => each !== undefined)
    .toSorted()
    .at(-1);
