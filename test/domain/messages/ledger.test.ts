import { messageStates, moves, type MessageState, type MoveName } from '../../../domain/messages/ledger.ts';

const table = Object.entries(moves).map(([name, move]): [string, readonly MessageState[], MessageState] => [
  name,
  move.from,
  move.to,
]);
const from = (name: MoveName): readonly MessageState[] => moves[name].from;

/** Where a message can come to from a state. */
function reachable(start: MessageState): Set<MessageState> {
  const found = new Set<MessageState>();
  const look = (state: MessageState): void => {
    for (const [, states, to] of table) {
      if (!states.includes(state) || found.has(to)) continue;
      found.add(to);
      look(to);
    }
  };
  look(start);
  return found;
}

test('every state can be reached by a planned message', () =>
  expect(messageStates.filter((state) => state !== 'planned' && !reachable('planned').has(state))).toEqual(
    [],
  ));

test('what may have been sent is never sent again under the same row', () => {
  expect(reachable('unknown').has('sending')).toBe(false);
  expect(reachable('accepted').has('sending')).toBe(false);
});

test.each<[MessageState]>([['delivered'], ['undelivered'], ['bounced'], ['failed'], ['suppressed']])(
  'what has been %s stays so',
  (state) => expect([...reachable(state)]).toEqual([]),
);

test('what is being sent is not suppressed any more, and only what is certainly not taken is tried again', () => {
  expect(from('suppress')).toEqual(['planned', 'retryable']);
  expect(from('postpone')).toEqual(['sending']);
});

test.each<[MoveName]>([['deliver'], ['notDeliver'], ['bounce']])(
  'a report may overtake the sender’s own answer: %s',
  (move) => expect(from(move)).toEqual(['sending', 'unknown', 'retryable', 'accepted']),
);

test('a lost answer may still be found to be a yes or a no', () => {
  expect(from('accept')).toEqual(['sending', 'unknown', 'retryable']);
  expect(from('refuse')).toEqual(['sending', 'unknown']);
});
