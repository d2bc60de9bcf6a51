import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { templatesFolder } from '../../wording/renderer/renderer.ts';
import { previewPage } from '../../wording/preview/preview-page.ts';
import { previewSample, type Preview } from '../../wording/preview/preview.ts';
import { notificationKinds, type NotificationKind } from '../../domain/messages/notifications.ts';
import { openBrowser } from '../support/browser.ts';
import { present } from '../../domain/present.ts';

/** Screenshots for people to look at: a test cannot judge how it all reads. */
const pictures = join(tmpdir(), 'lipei-phone');

/** The width of most telephones. */
const phone = { width: 390, height: 844 };

/**
 * The browser of the tests has no Chinese characters. Those of our printed letters replace the telephone's.
 */
const fontFile = join(
  dirname(createRequire(__filename).resolve('@fontsource/noto-sans-sc/package.json')),
  'files',
  'noto-sans-sc-chinese-simplified-400-normal.woff2',
);
const fontAddress = 'https://fonts.invalid/noto-sans-sc.woff2';
const inItsFont = (html: string): string =>
  html.replace('<style>', `<style>@font-face { font-family: 'Noto Sans CJK SC'; src: url(${fontAddress}); }`);

let browser: Browser, page: Page;
beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  browser = await openBrowser();
  page = await browser.newPage({ viewport: phone, isMobile: true });
  await page.route(fontAddress, (route) =>
    route.fulfill({
      body: readFileSync(fontFile),
      contentType: 'font/woff2',
      headers: { 'access-control-allow-origin': '*' },
    }),
  );
}, 60_000);
afterAll(() => browser.close());

/**
 * Runs in the page: its width, its text, elements wider than the screen, and over how many lines each number
 * is broken: the claim's, our telephone's, an amount's.
 */
const measure = `(async () => {
  await document.fonts.ready;
  const texts = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) texts.push(walk.currentNode);
  const linesOf = (node, start, length) => {
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, start + length);
    return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
  };
  return {
    width: document.documentElement.scrollWidth,
    screen: document.documentElement.clientWidth,
    text: document.body.innerText,
    numbers: texts.flatMap((node) =>
      [...node.data.matchAll(/(?:L7K3M-)?9Q2X4|0535-850-0001|-(?:CN)?¥\\d[\\d,.]*\\d/g)].map((found) => ({
        number: found[0],
        lines: linesOf(node, found.index, found[0].length),
      })),
    ),
    hasChinese: document.fonts.check("16px 'Noto Sans CJK SC'", '赔'),
  };
})()`;
const measured = z.object({
  width: z.number(),
  screen: z.number(),
  text: z.string(),
  numbers: z.array(z.object({ number: z.string(), lines: z.number() })),
  hasChinese: z.boolean(),
});

async function seen(html: string, picture: string): Promise<z.infer<typeof measured>> {
  await page.setContent(inItsFont(html), { waitUntil: 'load' });
  const result = measured.parse(await page.evaluate(measure));
  await page.screenshot({ path: join(pictures, `${picture}.png`), fullPage: true });
  return result;
}

function previewsOf(kind: NotificationKind, language: string): Preview[] {
  const result = previewSample(templatesFolder, { kind, language });
  if (result.kind !== 'written') throw new Error(`${kind} cannot be written in ${language}`);
  return result.previews.map((preview) => ({
    ...preview,
    ...present({ html: preview.html ? inItsFont(preview.html) : undefined }),
  }));
}

const eachKind = ['en', 'zh-CN'].flatMap((language) =>
  notificationKinds.map((kind) => [kind, language] as const),
);

test.each(eachKind)('%s in %s fits on a telephone, whole numbers and all', async (kind, language) => {
  const previews = previewsOf(kind, language);
  const pages = [
    { html: previewPage(kind, previews), name: 'preview' },
    ...previews.flatMap(({ channel, html }) => (html ? [{ html, name: channel }] : [])),
  ];
  for (const { html, name } of pages) {
    const { width, screen, text, numbers, hasChinese } = await seen(html, `${kind}.${name}.${language}`);
    expect({ name, screen, isTooWide: width > screen }).toEqual({
      name,
      screen: phone.width,
      isTooWide: false,
    });
    expect(text).not.toMatch(/\{\{|\}\}|\{%|undefined|\bnull\b|\[object/);
    expect(numbers.length).toBeGreaterThan(0);
    // We do not decide how a telephone breaks an SMS.
    expect(
      numbers.filter(({ number, lines }) => lines !== 1 && (name !== 'preview' || number.endsWith('9Q2X4'))),
    ).toEqual([]);
    if (language === 'zh-CN') expect(hasChinese).toBe(true);
  }
});
