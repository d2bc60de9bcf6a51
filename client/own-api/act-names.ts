import type { HumanMessageName } from '../../workflows/contract.ts';

type Kebab<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `-${Lowercase<First>}`}${Kebab<Rest>}`
  : '';

/** These have addresses of their own. */
type Elsewhere = 'addDocument' | 'note' | 'correctContact' | 'changePayee';

/** What people do to a claim by name alone: `/claims/:no/acts/:name`. */
export type ActName = Kebab<Exclude<HumanMessageName, Elsewhere>>;

/** `acceptDocument` is `accept-document` in an address. */
export const inAddress = (name: HumanMessageName): string =>
  name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
