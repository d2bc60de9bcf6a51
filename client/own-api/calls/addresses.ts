/** `/claims/L7K3M-9Q2X4/notes`: each part is encoded. */
export const at = (...parts: string[]): string => `/${parts.map(encodeURIComponent).join('/')}`;

/** Leaves out undefined and false values. */
export function searchOf(query: Record<string, string | number | boolean | undefined>): URLSearchParams {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== false);
  return new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
}

/** The address with why the person reads; without a purpose, a task must need it. */
export const forPurpose = (path: string, purpose: string | undefined): string => {
  const search = searchOf({ purpose }).toString();
  return search === '' ? path : `${path}?${search}`;
};
