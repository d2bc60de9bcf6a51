/**
 * A pure function whose latest answer about a value is kept for as long as the value is. Claims are values,
 * replaced and never changed,
 * and whatever waits asks again at each message, mostly about the same one.
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
