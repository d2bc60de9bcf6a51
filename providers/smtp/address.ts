/** The domain of `Name <name@domain>` or `name@domain`. Throws when there is none. */
export function domainOf(from: string): string {
  const domain = /@([A-Za-z0-9.-]+)>?$/.exec(from.trim())?.[1];
  if (!domain) throw new Error('The sender of emails has no domain');
  return domain;
}
