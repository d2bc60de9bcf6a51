import { LiquidError } from 'liquidjs';

/** A mistake in a file of `templates`. It prevents the start of a program; the check collects all of them. */
export class Miswritten extends Error {
  /** From the templates' folder: `en/paid.sms.liquid`. */
  readonly file: string;
  readonly what: string;
  readonly line?: number;

  constructor({ file, what, line, cause }: { file: string; what: string; line?: number; cause?: unknown }) {
    const kind = file.endsWith('.json') ? 'Word list' : 'Template';
    const place = line === undefined ? '' : `, line ${line}`;
    super(`${kind} ${file}: ${what}${place}.`, { cause });
    this.file = file;
    this.what = what;
    this.line = line;
  }
}

/**
 * Liquid's message about a file, in Liquid's words but without the folders of this machine. A mistake in a
 * part names the part.
 */
export function miswritten(file: string, fault: unknown): Miswritten {
  if (!(fault instanceof LiquidError))
    return new Miswritten({
      file,
      what: fault instanceof Error ? fault.message : String(fault),
      cause: fault,
    });
  const [line] = fault.token.getPosition();
  const part = /(?<=[\\/])parts[\\/][^\\/]+$/.exec(fault.token.file ?? '')?.[0].replace('\\', '/');
  const what = (fault.message.split(/, (?:file:.*, )?line:/s)[0] ?? '')
    .replace(/ in "[^"]*"$/, '')
    .replace(/(?:\\n|\s)+/g, ' ');
  return new Miswritten({ file: part ? `${file.split('/')[0]}/${part}` : file, what, line, cause: fault });
}
