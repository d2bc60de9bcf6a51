/** Messages of Liquid and the renderer, each with advice for the editor of the template. */
const sayings: [RegExp, string][] = [
  [
    /^(tag \{%-? *(?:if|unless|case|for|capture|comment|raw)\b.*) not closed$/,
    '$1 is not closed: write its end, such as {% endif %} or {% endfor %}, where it should stop',
  ],
  [/^output "(.*?) ?" not closed$/, 'a value is not closed: write }} behind "$1"'],
  [/^tag "(.*?) ?" not closed$/, 'a tag is not closed: write %} behind "$1"'],
  [/^tag "(.*)" not found$/, 'there is no tag {% $1 %}, or it closes nothing: correct it or take it out'],
  [
    /^undefined filter: (.*)$/,
    'there is no filter "$1": correct it, such as plural, join or capitalize, or take it out',
  ],
  [
    /^undefined variable: (.*)$/,
    '"$1" is missing in some messages of this kind: ' +
      'put {% if $1 %} … {% endif %} around it, or take it out',
  ],
  [/^ENOENT: Failed to lookup "(.*)"$/, 'there is no part "$1": correct the name, or write parts/$1.liquid'],
  [/^Word list (\w+): there is no "(.*)"\.$/, '$1 has no word for "$2": add it'],
  [
    /^an SMS must have no link in it$/,
    '$&, since networks block it: take out addresses of pages and of email',
  ],
  [/^an SMS has at most .*$/, '$&: shorten it'],
  [/^an SMS is one line$/, '$&: join its lines'],
];

/** One line: the mistake, and what to do about it. */
export function advice(what: string): string {
  const line = what.replace(/\s+/g, ' ');
  const [pattern, saying] = sayings.find(([each]) => each.test(line)) ?? [];
  return pattern && saying !== undefined ? line.replace(pattern, saying) : line;
}
