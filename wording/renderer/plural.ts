/**
 * `{{ documents.size | plural: one: "# document", other: "# documents" }}`: the language's form for the
 * number; `#` is the number itself. Throws unless every form of the language is given (CLDR), whatever the
 * number.
 */
export function pluralOf(tag: string): (count: unknown, ...forms: unknown[]) => string {
  const rules = new Intl.PluralRules(tag);
  const needed = rules.resolvedOptions().pluralCategories;
  const numbers = new Intl.NumberFormat(tag);
  return (count, ...given) => {
    const forms = new Map(given.filter((each): each is [string, unknown] => Array.isArray(each)));
    const missing = needed.find((form) => !forms.has(form));
    if (missing) throw new Error(`plural lacks the form "${missing}"; ${tag} needs ${needed.join(' and ')}`);
    if (typeof count !== 'number') throw new Error('plural needs a number before it, such as documents.size');
    return String(forms.get(rules.select(count))).replaceAll('#', () => numbers.format(count));
  };
}
