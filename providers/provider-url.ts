/**
 * A provider's address from the configuration. Our requests have names, numbers and credentials in them, so
 * they need TLS unless they stay on this machine. Throws for any other address.
 */
export function providerUrl(address: string): URL {
  const url = new URL(address);
  if (url.protocol !== 'https:' && !isLoopback(url.hostname))
    throw new Error(`${url.protocol}//${url.host} is neither https nor on this machine`);
  return url;
}

export const isLoopback = (hostname: string): boolean =>
  /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(hostname);

/** Our address for requests about one message: `?s=` has the message's reference. */
export function withReference(address: URL, reference: string): string {
  const url = new URL(address);
  url.searchParams.set('s', reference);
  return url.href;
}
