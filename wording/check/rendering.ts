import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workTemplate, type Renderer, type WorkRenderer } from '../renderer/renderer.ts';
import type { Message } from '../renderer/message.ts';
import { readTemplate } from '../renderer/template-file.ts';
import {
  notificationChannels,
  notificationKinds,
  type NotificationChannel,
  type NotificationKind,
} from '../../domain/messages/notifications.ts';
import { mistakeOf, type LanguageFiles, type Mistake, type Templates } from './mistake.ts';
import { templateOf } from './channels.ts';
import { sampleMessages, sampleWork } from '../preview/sample-messages.ts';
import { fullOfCanaries, privateMistakes } from './privacy.ts';
import { smsMistakes, type SmsRules } from './sms.ts';

interface Template {
  kind: NotificationKind;
  channel: NotificationChannel;
  language: LanguageFiles;
  name: string;
  file: string;
  source: string;
}

/**
 * Writes every message in all its variants. Files that cannot be read are reported already, and are left out.
 */
export function rendered(
  { languages }: Templates,
  renderer: Renderer & WorkRenderer,
  unreadable: Mistake[],
): { messages: number; mistakes: Mistake[] } {
  const isUnreadable = (file: string): boolean => unreadable.some((mistake) => mistake.file === file);
  const templates = languages
    .filter(({ tag }) => !isUnreadable(`${tag}/words.json`))
    .flatMap(messagesOf)
    .filter(({ file }) => !isUnreadable(file));
  const ofWork = languages
    .filter(({ tag }) => !isUnreadable(`${tag}/words.json`))
    .flatMap(({ tag }) => sampleWork(tag).map((work) => ({ work, file: `${tag}/${workTemplate}.liquid` })))
    .filter(({ file }) => !isUnreadable(file));
  const results = [
    ...templates.map((template) => writtenFrom(template, renderer)),
    ...ofWork.map(({ work, file }) => writtenOf(file, () => renderer.renderWork(work))),
  ];
  return {
    messages: results.flatMap(({ texts }) => texts).length,
    mistakes: results.flatMap(({ mistakes }) => mistakes),
  };
}

const messagesOf = (language: LanguageFiles): Template[] =>
  notificationKinds.flatMap((kind) =>
    notificationChannels.flatMap((channel) => {
      const name = templateOf(kind, channel, language.files);
      return name === undefined
        ? []
        : [
            {
              kind,
              channel,
              language,
              name,
              file: `${language.tag}/${name}`,
              source: readFileSync(join(language.folder, name), 'utf8'),
            },
          ];
    }),
  );

interface Written {
  texts: string[];
  mistakes: Mistake[];
}

function writtenFrom(template: Template, renderer: Renderer): Written {
  const { kind, channel, language, file } = template;
  const messages = sampleMessages(kind, channel, language.tag);
  const tryAll = (all: Message[]): Tried[] =>
    all.map((message) => tried(message, renderer, `${language.tag}/words.json`));
  const first = tryAll([...messages, ...(channel === 'sms' ? messages.map(fullOfCanaries) : [])]);
  // A repeat, in case the first was lost, has a few words more. The budget need not cover them, but a network
  // must take them.
  const again = tryAll(
    messages.map((message) => ({ ...message, facts: { ...message.facts, isRepeat: true } })),
  );
  const texts = [...first, ...again].flatMap(({ text }) => text ?? []);
  const ofSms =
    channel === 'sms'
      ? [
          ...smsMistakes(
            first.flatMap(({ text }) => text ?? []),
            rulesOf(template),
          ),
          ...texts.flatMap(privateMistakes),
        ]
      : [];
  const wrong = [...texts.flatMap(leftovers), ...ofSms].map((what) => ({ file, what }));
  const [known, onlyAgain] = [mistakesOf(first), mistakesOf(again)];
  const more = onlyAgain
    .filter(({ what }) => !known.some((each) => each.what === what))
    .map((mistake) => ({ ...mistake, what: `${mistake.what}${onceMore(channel)}` }));
  return { texts, mistakes: [...known, ...more, ...wrong] };
}

const mistakesOf = (all: Tried[]): Mistake[] => all.flatMap(({ mistake }) => mistake ?? []);

const onceMore = (channel: NotificationChannel): string =>
  ` (when it is sent once more${channel === 'sms' ? ': around/repeated-sms.liquid' : ''})`;

/** The mail to staff about their work. */
function writtenOf(file: string, write: () => { subject: string; text: string }): Written {
  try {
    const { subject, text } = write();
    const whole = `${subject}\n${text}`;
    return { texts: [whole], mistakes: leftovers(whole).map((what) => ({ file, what })) };
  } catch (fault) {
    return { texts: [], mistakes: [mistakeOf(fault, file)] };
  }
}

interface Tried {
  text?: string;
  mistake?: Mistake;
}

/** A fault that is not the template's is in one of the words that it uses. */
function tried(message: Message, renderer: Renderer, words: string): Tried {
  try {
    const { subject = '', text } = renderer.render(message);
    return { text: subject ? `${subject}\n${text}` : text };
  } catch (fault) {
    return { mistake: mistakeOf(fault, words) };
  }
}

const rulesOf = ({ language, name, source }: Template): SmsRules => ({
  isEnglish: language.tag.split('-')[0] === 'en',
  budget: readTemplate(language.folder, language.tag, name).front?.segments,
  source,
});

/** Marks for the renderer, which mean nothing to a customer. */
function leftovers(text: string): string[] {
  const [mark] = /\{\{|\}\}|\{%|%\}|\bundefined\b|\bnull\b|\bNaN\b|\[object|\*\*|^## /m.exec(text) ?? [];
  return mark === undefined ? [] : [`"${mark.trim()}" would reach the customer: correct what it belongs to`];
}
