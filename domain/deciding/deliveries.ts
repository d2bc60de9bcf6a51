import { lacksRole } from '../authority.ts';
import type { HumanCommand, ProcessCommand } from '../commands.ts';
import { add, tell, type Draft } from '../draft.ts';
import { refused, type Refused } from '../refusals.ts';

/** What became of a message. A failed or unknown one is for operations to settle: it opens an expectation. */
export function endNotification(draft: Draft, { notification, outcome }: Extract<ProcessCommand, { kind: 'notification-ended' }>): Refused | undefined {
  add(draft, { kind: 'notification-ended', notification, outcome });
  return undefined;
}

/** Operations say how an undelivered message was settled. Sending again is a new message with its own row, never the old one twice. */
export function settleNotification(draft: Draft, { person, notification: id, how }: Extract<HumanCommand, { kind: 'settle-notification' }>): Refused | undefined {
  const refusal = lacksRole(person, ['operations', 'handler', 'supervisor']);
  if (refusal) return refusal;
  const found = draft.claim.undelivered.find(({ notification }) => notification.id === id);
  if (!found) return refused('not-now', `There is no undelivered notification "${id}".`);
  add(draft, { kind: 'notification-settled', notification: id, how });
  const { kind, to, facts, channel } = found.notification;
  if (how === 'send-again') tell(draft, { kind, to, facts, only: channel });
  return undefined;
}
