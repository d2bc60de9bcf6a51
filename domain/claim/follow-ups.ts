/** How a follow-up of a closed claim was handled. */
export const followUpOutcomes = ['called', 'written', 'looked-at'] as const;
export type FollowUpOutcome = (typeof followUpOutcomes)[number];
