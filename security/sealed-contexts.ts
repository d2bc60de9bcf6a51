/** What is sealed under a party's key: contact, notice, note, message, the key of an attachment's file. */
export interface SealedThing {
  of: 'party' | 'notice' | 'note' | 'message' | 'attachment';
  id: string;
  party: string;
}

/** What the names and addresses of a policy are bound to: all versions of an endorsement have one. */
export const contextOfPolicy = (number: string, endorsement: string): string =>
  `policy/${number}/${endorsement}`;

/** What each seal is bound to, so that nobody can exchange two of them. */
export function contextOfSealed(claim: string, { of, id, party }: SealedThing): string {
  switch (of) {
    case 'party':
      return `${claim}/${party}`;
    case 'notice':
      return `${claim}/notice`;
    case 'note':
      return `${claim}/note/${id}`;
    case 'message':
      return `${claim}/${id}`;
    default:
      return `${claim}/${party}/attachment/${id}`;
  }
}
