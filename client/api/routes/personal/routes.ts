import type { FastifyInstance } from 'fastify';
import type { ApiContext } from '../../context.ts';
import { attachmentRoute, attachmentsRoute } from './attachments.ts';
import { contactRoute, notesRoute, noticeRoute } from './kept-words.ts';
import { breakGlassRoute } from './glass.ts';
import { letterRoute, notificationRoute } from './messages.ts';
import { payeeRoute } from './payee.ts';
import { policyRoutes } from './policies.ts';
import { readersRoutes } from './readers.ts';
import { telephoneRoute } from './telephones.ts';

/** The personal data of claims and policies, for people whose work needs them; and who has read them. */
export function personalRoutes(app: FastifyInstance, context: ApiContext): void {
  notificationRoute(app, context);
  letterRoute(app, context);
  contactRoute(app, context);
  noticeRoute(app, context);
  notesRoute(app, context);
  telephoneRoute(app, context);
  attachmentsRoute(app, context);
  attachmentRoute(app, context);
  payeeRoute(app, context);
  policyRoutes(app, context);
  breakGlassRoute(app, context);
  readersRoutes(app, context);
}
