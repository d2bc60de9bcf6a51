import { createRenderer, type Renderer } from '../renderer/renderer.ts';
import type { Message } from '../renderer/message.ts';
import { segmentsOf, type Encoding } from '../renderer/segments.ts';
import { readTemplate } from '../renderer/template-file.ts';
import { smsCosts, type Cost } from '../../config/prices.ts';
import {
  notificationChannels,
  type NotificationChannel,
  type NotificationKind,
} from '../../domain/messages/notifications.ts';
import { templatesOf } from '../check/check.ts';
import { told, type LanguageFiles, type Mistake } from '../check/mistake.ts';
import { templateOf } from '../check/channels.ts';
import { sampleMessage } from './sample-messages.ts';
import { present } from '../../domain/present.ts';

/** One message as its recipient sees it. */
export interface Preview {
  channel: NotificationChannel;
  /** The language of a sample. */
  language?: string;
  /** The recipient and the time of a message that was sent. */
  told?: string;
  subject?: string;
  text: string;
  html?: string;
  sms?: SmsSize;
}

export interface SmsSize {
  segments: number;
  /** The limit in its front matter. */
  budget?: number;
  encoding: Encoding;
  characters: number;
  costs: Cost[];
}

export interface Wanted {
  kind: NotificationKind;
  channel?: NotificationChannel;
  language?: string;
}

export type Previewed =
  | { kind: 'written'; previews: Preview[] }
  | { kind: 'not-there'; what: string }
  | { kind: 'miswritten'; mistake: Mistake };

/**
 * The messages of a kind with sample facts, in all its languages and channels, or in those that are given.
 */
export function previewSample(folder: string, { kind, channel, language }: Wanted): Previewed {
  const { languages } = templatesOf(folder);
  const tags = languages.map(({ tag }) => tag);
  if (tags.length === 0)
    return {
      kind: 'not-there',
      what: `There are no templates in ${folder}: a folder per language, each with a words.json.`,
    };
  if (language && !tags.includes(language))
    return {
      kind: 'not-there',
      what: `There are no templates in "${language}"; there are ${tags.join(', ')}.`,
    };
  const shown = languages.filter(({ tag }) => !language || tag === language);
  const there = notificationChannels.filter((each) =>
    shown.some(({ files }) => templateOf(kind, each, files) !== undefined),
  );
  const channels = there.filter((each) => !channel || each === channel);
  if (channels.length === 0) {
    const others = there.length > 0 ? `; it has ${there.join(', ')}` : '';
    return { kind: 'not-there', what: `${kind} has no ${channel ?? 'template'}${others}.` };
  }
  return written(folder, shown, kind, channels);
}

function written(
  folder: string,
  languages: LanguageFiles[],
  kind: NotificationKind,
  channels: NotificationChannel[],
): Previewed {
  const unreadable: Mistake[] = [];
  const renderer = createRenderer(folder, (mistake) => void unreadable.push(told(mistake)));
  const wanted = languages.flatMap((language) =>
    channels.flatMap((channel) => {
      const name = templateOf(kind, channel, language.files);
      return name === undefined
        ? []
        : [{ language, channel, name, files: [`${language.tag}/${name}`, `${language.tag}/words.json`] }];
    }),
  );
  // Mistakes in other files do not matter here; the check reports them.
  const mistake = unreadable.find(({ file }) => wanted.some(({ files }) => files.includes(file)));
  if (mistake) return { kind: 'miswritten', mistake };
  try {
    return {
      kind: 'written',
      previews: wanted.map(({ language, channel, name }) =>
        sampleOf(
          renderer,
          sampleMessage(kind, channel, language.tag),
          readTemplate(language.folder, language.tag, name).front?.segments,
        ),
      ),
    };
  } catch (fault) {
    return { kind: 'miswritten', mistake: told(fault, 'words.json') };
  }
}

function sampleOf(renderer: Renderer, message: Message, budget: number | undefined): Preview {
  const { channel, locale } = message;
  const { subject, text, html } = renderer.render(message);
  return {
    channel,
    language: locale,
    ...present({ subject }),
    text,
    ...present({ html, sms: channel === 'sms' ? sizeOf(text, budget) : undefined }),
  };
}

export function sizeOf(text: string, budget?: number): SmsSize {
  const { count, encoding } = segmentsOf(text);
  return {
    segments: count,
    ...present({ budget }),
    encoding,
    characters: [...text].length,
    costs: smsCosts(count),
  };
}
