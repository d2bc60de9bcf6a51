import { present } from '../../domain/present.ts';
import { Miswritten } from '../renderer/miswritten.ts';
import { advice } from './advice.ts';

/** Something that whoever edits templates has to put right. */
export interface Mistake {
  /** From the templates' folder. */
  file: string;
  line?: number;
  /** What is wrong and what to do. */
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

/** What reading or writing throws, as a mistake. */
export function told(fault: unknown, file = ''): Mistake {
  if (!(fault instanceof Miswritten))
    return { file, what: advice(fault instanceof Error ? fault.message : String(fault)) };
  return {
    file: fault.file,
    what: advice(fault.what),
    ...present({ line: fault.line }),
  };
}
