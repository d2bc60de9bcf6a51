import { present } from '../../domain/present.ts';
import { Miswritten } from '../renderer/miswritten.ts';
import { advice } from './advice.ts';

/** A mistake that an editor of templates has to fix. */
export interface Mistake {
  /** Relative to the templates' folder. */
  file: string;
  line?: number;
  /** The mistake, and what to do about it. */
  what: string;
}

/** A folder of templates, as far as it can be read. */
export interface Templates {
  folder: string;
  languages: LanguageFiles[];
}

export interface LanguageFiles {
  tag: string;
  folder: string;
  /** With slashes: `paid.sms.liquid`, `parts/documents.liquid`. */
  files: string[];
}

/** The fault of reading a file or writing a message, as a mistake. */
export function told(fault: unknown, file = ''): Mistake {
  if (!(fault instanceof Miswritten))
    return { file, what: advice(fault instanceof Error ? fault.message : String(fault)) };
  return {
    file: fault.file,
    what: advice(fault.what),
    ...present({ line: fault.line }),
  };
}
