import { houseRules } from '../../config/rules/load.ts';
import {
  isOwedByLaw,
  notificationChannels,
  type NotificationChannel,
  type NotificationKind,
} from '../../domain/messages/notifications.ts';
import type { RulePack } from '../../domain/rules/pack.ts';

/** The newest rules of every line. The pace does not change words or channels. */
export const rulePacks = (): RulePack[] => houseRules.inForce('ordinary');

/**
 * Every channel that a kind may use: the packs' channels, those of rungs, SMS and email for every party, and
 * letters for a party without both.
 */
export function channelsOf(kind: NotificationKind, packs: RulePack[]): NotificationChannel[] {
  const rungs = packs.flatMap(({ ladders }) =>
    Object.values(ladders)
      .flat()
      .flatMap(({ by }) => by ?? []),
  );
  const toParties: NotificationChannel[] = kind === 'formal-notice' ? [] : ['sms', 'email'];
  const chased: NotificationChannel[] = kind === 'documents-reminder' ? [...rungs, 'letter'] : [];
  const formal: NotificationChannel[] = kind === 'formal-notice' ? ['letter'] : [];
  const all = new Set([
    ...packs.flatMap(({ channels }) => channels[kind] ?? []),
    ...toParties,
    ...chased,
    ...formal,
  ]);
  return notificationChannels.filter((channel) => all.has(channel));
}

/**
 * The template of a message; undefined when it is not sent. A mandatory letter without a template uses the
 * email's.
 */
export function templateOf(
  kind: NotificationKind,
  channel: NotificationChannel,
  files: string[],
): string | undefined {
  const [own, email] = [`${kind}.${channel}.liquid`, `${kind}.email.liquid`];
  if (files.includes(own)) return own;
  return channel === 'letter' && isOwedByLaw(kind) && files.includes(email) ? email : undefined;
}
