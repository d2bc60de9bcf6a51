import { z } from 'zod';
import type { ActName } from '../../../domain/claim/acts.ts';
import type { Asking } from '../asking.ts';
import { appealKeptSchema, optKeptSchema, documentKeptSchema, recordedSchema } from '../schemas/acts.ts';
import { handedOverSchema, type HandOvers } from '../schemas/hand-overs.ts';
import { glassBrokenSchema } from '../schemas/looks.ts';
import { previewedSchema } from '../schemas/messages.ts';
import { followUpSettledSchema } from '../schemas/work.ts';
import { at } from './addresses.ts';

/** A document that came in: PDF, JPEG or PNG. */
export interface Brought {
  document: string;
  item?: string | undefined;
  name: string;
  content: Blob;
}

/** The acts on a claim. With the sender's own `key`, a repeated message counts once. */
export const actCalls = ({ one }: Asking) => {
  const post = (path: string, body: object, key?: string) =>
    one({ method: 'POST', path, body, key, answer: recordedSchema });
  return {
    act: (
      no: string,
      act: Exclude<ActName, 'add-document' | 'record-appeal'>,
      fields: object,
      key?: string,
    ) => post(at('claims', no, 'acts', act), fields, key),
    recordAppeal: (no: string, given: { item: string; note: string }) =>
      one({
        method: 'POST',
        path: at('claims', no, 'acts', 'record-appeal'),
        body: given,
        answer: z.union([recordedSchema, appealKeptSchema]),
      }),
    opt: (no: string, act: 'opt-in' | 'opt-out', given: { party: string; channel: string; source: string }) =>
      one({ method: 'POST', path: at('claims', no, 'acts', act), body: given, answer: optKeptSchema }),
    previewRefusal: (no: string, given: { item: string; clause?: string; reasons?: string[] }) =>
      one({
        method: 'POST',
        path: at('claims', no, 'previews', 'refuse'),
        body: given,
        answer: previewedSchema,
      }),
    handOvers: (asked: HandOvers) =>
      one({ method: 'POST', path: at('hand-overs'), body: asked, answer: handedOverSchema }),
    breakGlass: (no: string, reason: string) =>
      one({
        method: 'POST',
        path: at('claims', no, 'acts', 'break-glass'),
        body: { reason },
        answer: glassBrokenSchema,
      }),
    closeOut: (no: string, given: { id: string; how: string }) =>
      one({
        method: 'POST',
        path: at('claims', no, 'acts', 'close-out'),
        body: given,
        answer: followUpSettledSchema,
      }),
    addDocument: (no: string, { document, item, name, content }: Brought, key?: string) => {
      const form = new FormData();
      form.set('document', document);
      if (item) form.set('item', item);
      // The fields come first, so that the API knows the kind of the document before it reads the file.
      form.set('file', content, name);
      return one({
        method: 'POST',
        path: at('claims', no, 'acts', 'add-document'),
        body: form,
        key,
        answer: z.union([recordedSchema, documentKeptSchema]),
      });
    },
  };
};
