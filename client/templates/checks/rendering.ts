import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Message, Renderer } from '../../../activities/rendering.ts';
import { isMessage, readTemplate } from '../../../activities/rendering/template-file.ts';
import { notificationChannels, notificationKinds, type NotificationChannel, type NotificationKind } from '../../../domain/notifications.ts';
import { told, type LanguageFiles, type Mistake, type Templates } from '../check.ts';
import { sampleMessages } from '../sample-messages.ts';
import { fullOfCanaries, privateMistakes } from './privacy.ts';
import { smsMistakes, type SmsRules } from './sms.ts';

interface Template {
  kind: NotificationKind;
  channel: NotificationChannel;
  language: LanguageFiles;
  file: string;
  source: string;
}

/** Every message in every way that it may turn out; what cannot be read has been told of, and is left out. */
export function rendered({ languages }: Templates, renderer: Renderer, unreadable: Mistake[]): { messages: number; mistakes: Mistake[] } {
  const isUnreadable = (file: string): boolean => unreadable.some((mistake) => mistake.file === file);
  const templates = languages.filter(({ tag }) => !isUnreadable(`${tag}/words.json`)).flatMap(messagesOf).filter(({ file }) => !isUnreadable(file));
  const results = templates.map((template) => writtenFrom(template, renderer));
  return { messages: results.flatMap(({ texts }) => texts).length, mistakes: results.flatMap(({ mistakes }) => mistakes) };
}

const messagesOf = (language: LanguageFiles): Template[] =>
  notificationKinds.flatMap((kind) => notificationChannels.map((channel) => ({ kind, channel, name: `${kind}.${channel}.liquid` })))
    .filter(({ name }) => isMessage(name) && language.files.includes(name))
    .map(({ kind, channel, name }) => ({ kind, channel, language, file: `${language.tag}/${name}`, source: readFileSync(join(language.folder, name), 'utf8') }));

interface Written {
  texts: string[];
  mistakes: Mistake[];
}

function writtenFrom(template: Template, renderer: Renderer): Written {
  const { kind, channel, language, file } = template;
  const messages = sampleMessages(kind, channel, language.tag);
  const written = [...messages, ...(channel === 'sms' ? [fullOfCanaries(messages[0])] : [])].map((message) => tried(message, renderer, `${language.tag}/words.json`));
  const texts = written.flatMap(({ text }) => text ?? []);
  const wrong = [...texts.flatMap(leftovers), ...(channel === 'sms' ? [...smsMistakes(texts, rulesOf(template)), ...texts.flatMap(privateMistakes)] : [])];
  return { texts, mistakes: [...written.flatMap(({ mistake }) => mistake ?? []), ...wrong.map((what) => ({ file, what }))] };
}

/** What is no mistake of a template's is one of the words that it uses. */
function tried(message: Message, renderer: Renderer, words: string): { text?: string; mistake?: Mistake } {
  try {
    const { subject = '', text } = renderer.render(message);
    return { text: subject ? `${subject}\n${text}` : text };
  } catch (fault) {
    return { mistake: told(fault, words) };
  }
}

const rulesOf = ({ kind, channel, language, source }: Template): SmsRules => ({
  isEnglish: language.tag.split('-')[0] === 'en',
  budget: readTemplate(language.folder, language.tag, `${kind}.${channel}.liquid`).front?.segments,
  source,
});

/** Marks that mean something to the renderer and nothing to a customer. */
function leftovers(text: string): string[] {
  const [mark] = /\{\{|\}\}|\{%|%\}|\bundefined\b|\bnull\b|\bNaN\b|\[object|\*\*|^## /m.exec(text) ?? [];
  return mark === undefined ? [] : [`"${mark.trim()}" would reach the customer: correct what it belongs to`];
}
