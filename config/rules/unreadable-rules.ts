/** There are no such rules: the line, the jurisdiction or the pace is unknown. */
export class UnknownRules extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = 'UnknownRules';
  }
}

/** A part of the rules is wrong or missing. */
export class RulePackUnreadable extends Error {
  /** `<kind>/<name>@<version>` as in `rules/`; `calendars/CN-2027@1` for a list of holidays. */
  readonly part: string;

  constructor(part: string, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.name = 'RulePackUnreadable';
    this.part = part;
  }
}
