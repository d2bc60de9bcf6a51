/** The same fields; those that may be undefined are optional, and never there with nothing in them. */
export type Present<Fields extends object> = {
  [Name in keyof Fields as undefined extends Fields[Name] ? never : Name]: Fields[Name];
} & {
  [Name in keyof Fields as undefined extends Fields[Name] ? Name : never]?: Exclude<Fields[Name], undefined>;
};

/**
 * The fields that have a value: those that are undefined are left out, so that a hash, a proof or a test of
 * equality sees no difference between "undefined" and "not there".
 */
export function present<const Fields extends object>(fields: Fields): Present<Fields>;
export function present(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
