/** How operations saw to what came after a claim had closed. */
export const followUpOutcomes = ['called', 'written', 'looked-at'] as const;
export type FollowUpOutcome = (typeof followUpOutcomes)[number];
