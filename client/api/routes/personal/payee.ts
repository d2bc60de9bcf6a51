import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { itemOf, payeeOf } from '../../../../domain/claim/claim.ts';
import { present } from '../../../../domain/present.ts';
import { marking } from '../../../../records/keys/contact-key.ts';
import { readContact } from '../../../../records/parties/contacts.ts';
import { payeeOf as accountOf } from '../../../../records/parties/parties.ts';
import { shownPayeeSchema } from '../../../own-api/schemas/personal.ts';
import { unknownName } from '../../acting.ts';
import { findClaim, type ApiContext } from '../../context.ts';
import { isProblem, problems, sendProblem } from '../../problem.ts';
import { claimParams, nameParam } from '../../schemas.ts';
import { barredFromReading, erased, readingQuery } from './access.ts';

const config = { limit: 'personal' } as const;

/** Who is paid for an item, and to which account: for finance, who find out what became of a payment. */
export function payeeRoute(app: FastifyInstance, context: ApiContext): void {
  const { database, keyring } = context;
  const schema = {
    tags: ['personal'],
    summary: 'The payee of an item with name and accounts',
    params: claimParams.extend({ item: nameParam }),
    querystring: readingQuery,
    response: { 200: shownPayeeSchema, ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .get('/claims/:no/items/:item/payee', { schema, config }, async (request, reply) => {
      const { no, item: id } = request.params;
      const found = await findClaim(context, no);
      const item = isProblem(found) ? undefined : itemOf(found.claim, id);
      const party = item && payeeOf(item);
      const barred = await barredFromReading(context, request, {
        claim: no,
        datum: 'account',
        what: 'account',
        purpose: request.query.purpose,
        ...present({ of: party, party }),
      });
      if (barred) return sendProblem(reply, barred);
      if (isProblem(found)) return sendProblem(reply, found);
      const wrong = unknownName(found, { item: id });
      if (wrong) return sendProblem(reply, wrong);
      const contact = await readContact(database, keyring, no, party ?? '');
      if (!contact || party === undefined || 'kind' in contact) return sendProblem(reply, erased());
      const { name, account: ofNotice, accounts: later = {} } = contact;
      const mark = await marking(database, keyring);
      return {
        party,
        name,
        accounts: [...new Set([...(ofNotice === undefined ? [] : [ofNotice]), ...Object.values(later)])],
        ...present({ current: item?.payee && accountOf(contact, item.payee, mark) }),
      };
    });
}
