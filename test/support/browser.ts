import bundledChromium from '@sparticuz/chromium';
import { chromium, type Browser } from 'playwright-core';

/**
 * With these the browser would keep no two sites apart and send no Origin, and so prove nothing of the codec
 * server's door.
 */
const careless = [
  '--disable-web-security',
  '--disable-site-isolation-trials',
  '--allow-running-insecure-content',
  '--single-process',
  '--disable-features',
  '--enable-features',
];

/** A real Chromium, without a screen and without the graphics that nobody looks at. */
export async function openBrowser(): Promise<Browser> {
  bundledChromium.setGraphicsMode = false;
  const args = bundledChromium.args.filter((arg) => !careless.some((flag) => arg.startsWith(flag)));
  return chromium.launch({
    executablePath: await bundledChromium.executablePath(),
    args: [...args, '--no-sandbox', '--disable-background-networking'],
  });
}
