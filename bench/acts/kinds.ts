import type { Api } from '../../client/own-api/api.ts';
import type { Shown } from '../../client/own-api/schemas/claims.ts';

/** An open claim that clerks act on. */
export interface OpenClaim {
  number: string;
  handler: string;
  /** Of the one document that clerks add and accept. */
  licence: 'owed' | 'received' | 'taken';
}

/** The kinds of acts, in turn, each on a random claim. */
export const kinds = ['add-note', 'record-call', 'add-document', 'accept-document'] as const;
export type Kind = (typeof kinds)[number];

const document = 'driving-licence';

/** Does one act. Gives a look at the claim that shows whether the result is there. */
export const acting: Record<
  Kind,
  (api: Api, claim: OpenClaim, licence: Blob) => Promise<() => Promise<boolean>>
> = {
  /** `show` has no notes; the journal has the entry. */
  async 'add-note'(api, { number }) {
    const { seq } = await api.act(number, 'add-note', { note: 'The customer asks for a call after six.' });
    return async () => (await api.journal(number)).some((entry) => entry.seq === seq);
  },

  async 'record-call'(api, { number }) {
    const since = Date.now();
    await api.act(number, 'record-call', { party: 'party-1', outcome: 'reached' });
    return async () => Date.parse((await api.claim(number)).lastContactAt) >= since;
  },

  async 'add-document'(api, { number }, content) {
    await api.addDocument(number, { document, name: 'licence.jpg', content });
    return async () => hasLicence(await api.claim(number), ['received', 'accepted']);
  },

  async 'accept-document'(api, { number }) {
    await api.act(number, 'accept-document', { document });
    return async () => hasLicence(await api.claim(number), ['accepted']);
  },
};

const hasLicence = ({ items }: Shown, states: string[]): boolean =>
  items.some(({ documents }) =>
    documents.some(({ kind, state }) => kind === document && states.includes(state)),
  );
