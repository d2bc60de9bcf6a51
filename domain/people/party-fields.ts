/** A field of a party in a notice of loss, beside its id and its role. */
interface PartyField {
  /**
   * Where the field is kept. `sealed`: under the party's own key, as all data that names or reaches a person.
   * `column`: plain, in the party's row. `claim`: in the claim's state, so a code and nothing personal.
   */
  kept: 'sealed' | 'column' | 'claim';
  /** The notice needs it. */
  isRequired?: true;
  /** Shown with the party's contact. */
  isShown: boolean;
  /** The allowed values; without them a text, which the notice's schema checks. */
  values?: readonly string[];
  /** Two valid examples: for help, and for tests over this table. */
  examples: readonly [string, string];
  /** The field can be corrected later: the option of `correct-contact`, with its help. */
  correction?: {
    argument: string;
    help: string;
    /** It can also be removed. */
    isRemovable?: true;
  };
}

/**
 * One row for each field. The notice's schema, the sealed row, the API's contact, the mapping of imports and
 * the command line's options follow from it. `docs/how-to/add-a-party-field.md` shows how to add one.
 */
export const partyFields = {
  name: { kept: 'sealed', isRequired: true, isShown: true, examples: ['王伟', 'Wang Wei'] },
  /** E.164, or as written in the policy's country. */
  phone: {
    kept: 'sealed',
    isShown: true,
    examples: ['+8613800138000', '+8613912345678'],
    correction: { argument: 'number', help: 'the right telephone number', isRemovable: true },
  },
  email: {
    kept: 'sealed',
    isShown: true,
    examples: ['wang@example.com', 'wei@example.com'],
    correction: { argument: 'address', help: 'the right email address', isRemovable: true },
  },
  /** The preferred channel; without it, every channel of a message is used. */
  prefers: {
    kept: 'claim',
    isShown: false,
    values: ['sms', 'email'],
    examples: ['sms', 'email'],
    correction: { argument: 'channel', help: 'the channel that the party prefers' },
  },
  /** BCP 47; default: the language of the policy's jurisdiction. */
  locale: {
    kept: 'column',
    isShown: true,
    values: ['zh-CN', 'en'],
    examples: ['zh-CN', 'en'],
    correction: { argument: 'tag', help: 'the language of their messages' },
  },
  /** IANA; default: the zone of the policy's jurisdiction. */
  timeZone: {
    kept: 'column',
    isShown: true,
    examples: ['Asia/Shanghai', 'America/Chicago'],
    correction: { argument: 'zone', help: 'the time zone of their contact hours, such as America/Chicago' },
  },
  /** The account for a payment, if it is known already; the claim holds its fingerprint. */
  account: { kept: 'sealed', isShown: false, examples: ['6222020050001111', '6222020000000010074'] },
  /** The name of the account's holder, for the bank; default: the party's. */
  accountHolder: { kept: 'sealed', isShown: false, examples: ['王伟', 'Wang Wei'] },
} as const satisfies Record<string, PartyField>;

type Table = typeof partyFields;
export type PartyFieldName = keyof Table;

/** The fields whose row has this trait. */
type With<Trait> = { [Name in PartyFieldName]: Table[Name] extends Trait ? Name : never }[PartyFieldName];
export type SealedField = With<{ kept: 'sealed' }>;
export type ColumnField = With<{ kept: 'column' }>;
export type ClaimField = With<{ kept: 'claim' }>;
export type RequiredField = With<{ isRequired: true }>;
export type ShownField = With<{ isShown: true }>;
export type CorrectableField = With<{ correction: object }>;
export type RemovableField = With<{ correction: { isRemovable: true } }>;

type ValueOf<Row> = Row extends { values: readonly (infer Value)[] } ? Value : string;

/** The fields of a party in a notice, by this table. */
export type PartyFieldValues = { [Name in RequiredField]: ValueOf<Table[Name]> } & {
  [Name in Exclude<PartyFieldName, RequiredField>]?: ValueOf<Table[Name]>;
};

/** Some of the fields as texts: the known ones required, the others optional. */
export type FieldTexts<Name extends PartyFieldName, Known extends Name> = { [Each in Known]: string } & {
  [Each in Exclude<Name, Known>]?: string;
};

const rowOf = (name: PartyFieldName): PartyField => partyFields[name];
const isName = (name: string): name is PartyFieldName => name in partyFields;
const isSealed = (name: PartyFieldName): name is SealedField => rowOf(name).kept === 'sealed';
const isColumn = (name: PartyFieldName): name is ColumnField => rowOf(name).kept === 'column';
const isInClaim = (name: PartyFieldName): name is ClaimField => rowOf(name).kept === 'claim';
const isRequired = (name: PartyFieldName): name is RequiredField => rowOf(name).isRequired === true;
const isShown = (name: PartyFieldName): name is ShownField => rowOf(name).isShown;
const isCorrectable = (name: PartyFieldName): name is CorrectableField =>
  rowOf(name).correction !== undefined;
const isRemovable = (name: PartyFieldName): name is RemovableField =>
  rowOf(name).correction?.isRemovable === true;

export const partyFieldNames = Object.keys(partyFields).filter(isName);
export const sealedFields = partyFieldNames.filter(isSealed);
export const columnFields = partyFieldNames.filter(isColumn);
export const claimFields = partyFieldNames.filter(isInClaim);
export const requiredFields = partyFieldNames.filter(isRequired);
export const shownFields = partyFieldNames.filter(isShown);
export const correctableFields = partyFieldNames.filter(isCorrectable);
export const removableFields = partyFieldNames.filter(isRemovable);

/** `phone, email or timeZone`. */
export const inWords = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

/** The members of these names that have a value. */
export function picked<Source extends object, Name extends keyof Source & string>(
  source: Source,
  names: readonly Name[],
): Pick<Source, Name>;
export function picked(source: object, names: readonly string[]): object {
  return Object.fromEntries(
    Object.entries(source).filter(([name, value]) => value !== undefined && names.includes(name)),
  );
}

/** The first example of every field: a party with all fields. */
export function exampleFields(): Required<PartyFieldValues>;
export function exampleFields(): object {
  return Object.fromEntries(partyFieldNames.map((name) => [name, partyFields[name].examples[0]]));
}

/** The optional fields, with their values where they have some: `phone, email, prefers (sms, email)`. */
export const optionalFieldsInWords = (): string =>
  partyFieldNames
    .filter((name) => !isRequired(name))
    .map((name) => {
      const { values } = rowOf(name);
      return values ? `${name} (${values.join(', ')})` : name;
    })
    .join(', ');
