import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Liquid } from 'liquidjs';
import { withWholeNumbers } from '../renderer/markup.ts';
import type { Preview } from './preview.ts';

/** A page that shows messages like a telephone, an inbox and an envelope. All values are escaped. */
export function previewPage(title: string, previews: Preview[]): string {
  const engine = new Liquid({
    outputEscape: 'escape',
    strictVariables: true,
    strictFilters: true,
    lenientIf: true,
  });
  engine.registerFilter('whole', { raw: true, handler: (text: unknown) => withWholeNumbers(String(text)) });
  const html: unknown = engine.parseAndRenderSync(
    readFileSync(join(import.meta.dirname, 'preview.liquid'), 'utf8'),
    { title, previews },
  );
  return String(html);
}
