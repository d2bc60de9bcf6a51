import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { Miswritten } from './miswritten.ts';

/** The lines between `---` at the top of a message: for editors of templates, never for the recipient. */
export interface FrontMatter {
  /** One sentence: who gets it, when and why. */
  purpose: string;
  /** The most segments that an SMS may have. */
  segments?: number;
}

export interface TemplateFile {
  /** Only messages have one. The texts around messages, and parts, belong to several. */
  front?: FrontMatter;
  /** With an empty line for each line of the front matter, so that mistakes have the file's line numbers. */
  text: string;
}

/** Throws a Miswritten with the file and the mistake in its front matter. */
export function readTemplate(folder: string, tag: string, file: string): TemplateFile {
  const content = readFileSync(join(folder, file), 'utf8')
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n');
  const at = `${tag}/${file}`;
  const [whole, written] = /^---\n([^]*?)^---$/m.exec(content) ?? [];
  if (!isMessage(file)) {
    if (whole !== undefined)
      throw new Miswritten({
        file: at,
        what:
          'only messages have front matter; customers would read this, ' +
          'so take the lines from --- to --- out',
      });
    return { text: content };
  }
  if (whole === undefined || written === undefined || !content.startsWith(whole)) {
    const needed = isSms(file) ? '"purpose: …", "segments: 1"' : '"purpose: …"';
    throw new Miswritten({
      file: at,
      what: `front matter is missing; begin the file with the lines ---, ${needed} and ---`,
    });
  }
  return { front: frontOf(at, written), text: whole.replace(/[^\n]/g, '') + content.slice(whole.length) };
}

/** `paid.sms.liquid`. Files in folders are used by several messages. */
export const isMessage = (file: string): boolean => !file.includes('/');

/** A file of `parts/` is read with the templates that use it. */
export const isPart = (file: string): boolean => file.startsWith('parts/');

const isSms = (file: string): boolean => file.endsWith('.sms.liquid');

/** Relative to the language's folder, with slashes. */
export const templatesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.liquid'))
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll(sep, '/'))
    .toSorted();

const purpose = z
  .string({ error: 'must be a sentence: who gets it, when and why' })
  .regex(/^\S.{15,}[.。]$/s, 'must be a sentence that ends in a full stop: who gets it, when and why');
/** Twilio's guideline for China allows 500 characters: eight segments. */
const segments = z
  .int({ error: 'must be a whole number: as how many segments it may go at its longest' })
  .min(1, 'must be 1 at least')
  .max(8, 'must be 8 at most');
const ofSms = z.strictObject({ purpose, segments });
const ofOthers = z.strictObject({ purpose });

function frontOf(file: string, written: string): FrontMatter {
  const { data, error } = (isSms(file) ? ofSms : ofOthers).safeParse(valuesOf(file, written));
  if (data) return data;
  const mistakes = error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `knows no ${issue.keys.map((key) => `"${key}"`).join(', ')}; take it out`
      : `${issue.path.join('.')} ${issue.message}`,
  );
  throw new Miswritten({ file, what: `front matter: ${mistakes.join('; ')}` });
}

function valuesOf(file: string, written: string): unknown {
  try {
    return parse(written) ?? {};
  } catch (fault) {
    const [reason = ''] = String(fault instanceof Error ? fault.message : fault).split('\n');
    throw new Miswritten({
      file,
      what:
        `front matter cannot be read: ${reason.replace(/:$/, '')}; ` +
        'put the text behind "purpose:" into quotes',
      cause: fault,
    });
  }
}
