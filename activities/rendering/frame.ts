import { Liquid } from 'liquidjs';

/** What surrounds the HTML part of every email. */
export type Frame = (page: { language: string; brand: string; subject: string; content: string }) => string;

/** `templates/email.html.liquid`: looks only, the words come with the text. Everything but the content is escaped. */
export function readFrame(templatesDir: string): Frame {
  const engine = new Liquid({ root: templatesDir, extname: '.liquid', outputEscape: 'escape', strictVariables: true, strictFilters: true });
  const template = engine.parseFileSync('email.html.liquid');
  return (page) => {
    const html: unknown = engine.renderSync(template, page);
    return String(html);
  };
}
