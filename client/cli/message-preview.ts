import {
  notificationChannels,
  type NotificationChannel,
  type NotificationKind,
} from '../../domain/messages/notifications.ts';
import { sizeOf, type Preview } from '../../wording/preview/preview.ts';
import type { NotificationText } from '../own-api/schemas/messages.ts';
import { notDone } from './stop.ts';
import { zonedTime } from './input/times.ts';
import { present } from '../../domain/present.ts';

/** The calls of the API that this file needs. */
export interface SentMessages {
  claim(no: string): Promise<{ notifications: { id: string; kind: string; channel: string }[] }>;
  sentMessage(no: string, id: string, purpose?: string): Promise<NotificationText>;
}

/**
 * The last message of a kind that a claim has sent, by each channel. Throws a Stop that lists the claim's
 * messages when there is none of that kind.
 */
export async function sentPreviews(
  api: SentMessages,
  no: string,
  kind: NotificationKind,
  { channel, purpose }: { channel?: NotificationChannel; purpose?: string } = {},
): Promise<Preview[]> {
  const { notifications } = await api.claim(no);
  const ofKind = notifications.filter((each) => each.kind === kind);
  const channels = notificationChannels.filter((each) => !channel || each === channel);
  const last = channels.flatMap((each) => ofKind.findLast(({ channel: by }) => by === each)?.id ?? []);
  if (last.length === 0)
    throw notDone(
      `Claim ${no} has sent no ${kind}${channel ? ` by ${channel}` : ''}. ${instead(notifications)}`,
    );
  const all = await Promise.all(last.map((id) => api.sentMessage(no, id, purpose)));
  return all.map(previewOf);
}

const instead = (notifications: { id: string }[]): string =>
  notifications.length === 0
    ? 'It has sent no messages yet.'
    : `Its messages: ${notifications.map(({ id }) => id).join(', ')}.`;

function previewOf({ channel, to, state, at, subject, text, html }: NotificationText): Preview {
  const known = notificationChannels.find((each) => each === channel) ?? 'letter';
  return {
    channel: known,
    caption: `to ${to}, ${state}, ${zonedTime(at)}`,
    ...present({ subject }),
    text,
    ...present({ html, sms: known === 'sms' ? sizeOf(text) : undefined }),
  };
}
