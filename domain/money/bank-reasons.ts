/** The bank's codes (ISO 20022) for an order that it has already: no fault of the payee or the account. */
const duplicates: readonly string[] = ['AM05', 'DUPL'];

export const isDuplicate = (reason: string): boolean => duplicates.includes(reason);
