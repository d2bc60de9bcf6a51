import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { ActName } from '../../../domain/claim/acts.ts';
import type { Recorded } from '../../own-api/schemas/acts.ts';
import type { ApiContext, Found } from '../context.ts';
import type { ApiProblem } from '../problem.ts';
import type { Postman } from '../webhooks/postman.ts';
import type { Content } from './body.ts';

/** All that an act is carried out with. */
export interface Errand {
  context: ApiContext;
  /** Forwards what concerns other claims. */
  postman: Postman;
  request: FastifyRequest;
  found: Found;
  act: ActName;
  /** The id of the message that `perform` sends. */
  id: string;
  /** Signs the content and sends it to the claim. */
  perform(content: Content): Promise<Recorded | ApiProblem>;
}

/** How the API takes an act: the schema of the body, and the function that carries it out. */
export interface Door {
  body: z.ZodType<Content>;
  /** Also for a claim that has closed. */
  isForClosed?: true;
  carryOut(given: unknown, errand: Errand): Promise<Recorded | ApiProblem>;
}

export const door = <Body extends z.ZodType<Content>>(
  body: Body,
  carryOut: (given: z.output<Body>, errand: Errand) => Promise<Recorded | ApiProblem>,
): Door => ({ body, carryOut: (given, errand) => carryOut(body.parse(given), errand) });
