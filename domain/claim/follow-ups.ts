/** How a follow-up of a closed claim was handled. */
export const followUpOutcomes = ['called', 'written', 'looked-at'] as const;
export type FollowUpOutcome = (typeof followUpOutcomes)[number];

/** What follow-ups say, where `*` is anything: each language has a word for it. */
export const followUpTasks = [
  'tell * did not arrive',
  'answer *, who has written',
  'answer *: a text from an unknown telephone',
  'answer *: a text from an unknown telephone, which names this claim',
  'look at *, which came after closing',
  'reopen * after an appeal',
  'look at mail that came back about *',
  'correct the mailbox of *: mail about work comes back',
] as const;
