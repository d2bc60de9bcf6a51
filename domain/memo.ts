/**
 * A pure function that keeps its latest answer for a value as long as the value exists. Claims are values:
 * they are replaced, never changed. Conditions ask again at each message, mostly about the same claim.
 */
export function memoized<Value extends object, Rest extends readonly unknown[], Answer>(
  answerTo: (value: Value, ...rest: Rest) => Answer,
): (value: Value, ...rest: Rest) => Answer {
  const latest = new WeakMap<Value, { rest: Rest; answer: Answer }>();
  return (value, ...rest) => {
    const known = latest.get(value);
    if (known?.rest.every((each, place) => Object.is(each, rest[place]))) return known.answer;
    const answer = answerTo(value, ...rest);
    latest.set(value, { rest, answer });
    return answer;
  };
}
