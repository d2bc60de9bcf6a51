/** What a reminder does to the outside. */
export interface Reminding {
  write(party: string): Promise<void>;
  text(party: string): Promise<void>;
}

/** Keeps what was sent, in order. */
export function remindingInto(sent: string[]): Reminding {
  return {
    async write(party) {
      sent.push(`letter to ${party}`);
    },
    async text(party) {
      sent.push(`text to ${party}`);
    },
  };
}
