import { Liquid } from 'liquidjs';
import { miswritten } from './miswritten.ts';

/** The page around the HTML content of every email. */
export type Frame = (page: { language: string; brand: string; subject: string; content: string }) => string;

const file = 'email.html.liquid';

/**
 * `templates/email.html.liquid`: only the layout, the words come with the text. Everything but the content is
 * escaped. Throws a Miswritten.
 */
export function readFrame(templatesDir: string): Frame {
  const engine = new Liquid({
    root: templatesDir,
    extname: '.liquid',
    outputEscape: 'escape',
    strictVariables: true,
    strictFilters: true,
  });
  const template = told(() => engine.parseFileSync(file));
  return (page) => {
    const html: unknown = told(() => engine.renderSync(template, page));
    return String(html);
  };
}

function told<T>(act: () => T): T {
  try {
    return act();
  } catch (fault) {
    throw miswritten(file, fault);
  }
}
