import { LiquidError } from 'liquidjs';

/**
 * A mistake in a file of `templates`: for whoever starts a program, and for the check that names them all.
 */
export class Miswritten extends Error {
  /** From the templates' folder: `en/paid.sms.liquid`. */
  readonly file: string;
  readonly what: string;
  readonly line?: number;

  constructor({ file, what, line, cause }: { file: string; what: string; line?: number; cause?: unknown }) {
    super(
      `${file.endsWith('.json') ? 'Word list' : 'Template'} ${file}: ${what}${line === undefined ? '' : `, line ${line}`}.`,
      { cause },
    );
    this.file = file;
    this.what = what;
    this.line = line;
  }
}

/**
 * What Liquid says of a file, in its own words but without the folders of this machine; where the mistake is
 * in a part, with that.
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
