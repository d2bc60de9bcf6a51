/** There are no such rules: somebody mistyped a line, a jurisdiction or a pace. */
export class UnknownRules extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = 'UnknownRules';
  }
}

/** A part of the rules is missing, as on a machine that lacks its file, or is wrong. */
export class RulePackUnreadable extends Error {
  /** `<kind>/<name>@<version>` as in `rules/`. */
  readonly part: string;

  constructor(part: string, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.name = 'RulePackUnreadable';
    this.part = part;
  }
}
