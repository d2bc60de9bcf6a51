/**
 * A provider's address from the configuration. What we send holds names, numbers and credentials, so it goes
 * over TLS unless it
 * stays on this machine. Throws when it would not.
 */
export function providerUrl(address: string): URL {
  const url = new URL(address);
  if (url.protocol !== 'https:' && !isLoopback(url.hostname))
    throw new Error(`${url.protocol}//${url.host} is neither https nor on this machine`);
  return url;
}

export const isLoopback = (hostname: string): boolean =>
  /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(hostname);

/** An address where others reach us about one message: `?s=` names its row in the ledger. */
export function withReference(address: URL, reference: string): string {
  const url = new URL(address);
  url.searchParams.set('s', reference);
  return url.href;
}
