/** This machine, in an address or alone: `localhost`, `127.0.0.1`, `[::1]`. */
export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname === '[::1]' ||
  hostname === '::1' ||
  /^127(?:\.\d{1,3}){3}$/.test(hostname);

export const parsed = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);
