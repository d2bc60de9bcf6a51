import { join } from 'node:path';
import { readLanguages, type Language } from './languages.ts';
import { htmlOf, plainOf } from './markup.ts';
import { stop, unless, type OnMistake } from './mistakes.ts';
import { Miswritten } from './template-fault.ts';
import { fitForSms } from './sms.ts';
import { readFrame } from './frame.ts';
import type { Message, WorkMessage } from './message.ts';
import { viewOf, workViewOf } from './message-view.ts';
import { present } from '../../domain/present.ts';

/** The project's own templates. */
export const templatesFolder = join(import.meta.dirname, '..', '..', 'templates');

export interface Rendered {
  /** `zh-CN/paid.email`: language and file. */
  template: string;
  /** Of emails and letters. */
  subject?: string;
  text: string;
  /** Of emails. */
  html?: string;
}

export interface Renderer {
  /**
   * Throws when a template, a word or a value is missing, naming it, and when networks would not take the
   * SMS.
   */
  render(message: Message): Rendered;
}

export interface WorkRenderer {
  /** The mail to staff about their work. Throws like `render`. */
  renderWork(message: WorkMessage): { subject: string; text: string; html: string };
}

/** The template of the mail to staff about their work. */
export const workTemplate = 'staff-work.email';

/**
 * Reads a whole folder of templates at once, so that a mistake prevents the start and blocks no claim. Throws
 * a Miswritten with the file, unless `onMistake` takes it, as in the check of all templates.
 * `templates/README.md` explains how templates are written.
 */
export function createRenderer(templatesDir: string, onMistake: OnMistake = stop): Renderer & WorkRenderer {
  const languages = readLanguages(templatesDir, onMistake);
  const frame = unless(onMistake, () => readFrame(templatesDir)) ?? (({ content }) => content);
  return {
    render(message) {
      const language = languages.for(message.locale);
      const name = nameOf(message, language);
      const template = `${language.tag}/${name}`;
      const view = viewOf(message, language);
      const written = language.fill(name, view);
      if (message.channel === 'sms')
        return {
          template,
          text: fitForSms(
            template,
            view.isRepeat ? language.fill('around/repeated-sms', { ...view, text: written }) : written,
          ),
        };
      const { subject, body } = parted(template, written);
      const text = language.fill(surroundings(message), { ...view, subject, body });
      const html =
        message.channel === 'email' &&
        frame({ language: language.tag, brand: view.brand.name, subject, content: htmlOf(text) });
      return { template, subject, text: plainOf(text), ...present({ html: html || undefined }) };
    },
    renderWork(message) {
      const language = languages.for(message.locale);
      const view = workViewOf(message, language);
      const { subject, body } = parted(`${language.tag}/${workTemplate}`, language.fill(workTemplate, view));
      const text = language.fill('around/staff', { ...view, subject, body });
      const html = frame({
        language: language.tag,
        brand: view.brand.name,
        subject,
        content: htmlOf(text),
      });
      return { subject, text: plainOf(text), html };
    },
  };
}

/** A letter has the email's text, unless it has a template of its own. */
function nameOf({ kind, channel }: Message, language: Language): string {
  const own = `${kind}.${channel}`;
  return channel === 'letter' && !language.has(own) ? `${kind}.email` : own;
}

/** The template around every body of a channel: greeting, contact, signature. */
function surroundings({ channel }: Message): string {
  return channel === 'letter' ? 'around/letter' : 'around/customer';
}

/** The first line of an email or a letter is its subject. */
function parted(template: string, written: string): { subject: string; body: string } {
  const [, subject, body] = /^Subject: *(.+)\n([^]+)$/.exec(written) ?? [];
  if (!subject || !body)
    throw new Miswritten({
      file: `${template}.liquid`,
      what: 'the first line must be "Subject: …", and the text must follow',
    });
  return { subject: subject.trim(), body: body.trim() };
}
