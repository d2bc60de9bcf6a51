import type { FastifyInstance } from 'fastify';
import { frontPage, type Places } from '../front-page.ts';
import type { ApiContext } from '../context.ts';

/** The front page: HTML for people, JSON for programs. */
export function frontRoutes(app: FastifyInstance, { places, version }: ApiContext): void {
  app.get(
    '/',
    {
      config: { open: true },
      schema: { tags: ['about'], summary: 'The front page, with links to all parts' },
    },
    (request, reply) => {
      reply.header('vary', 'accept');
      const there = places();
      if (!wantsPage(request.headers.accept)) return reply.send(forPrograms(there, version));
      return reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', contentPolicy)
        .send(frontPage(there, version));
    },
  );
}

/** Browsers name HTML first; programs accept JSON, anything, or name nothing. */
const wantsPage = (accept = ''): boolean => {
  const [html, json] = ['text/html', 'application/json'].map((type) => accept.indexOf(type));
  return html !== undefined && html >= 0 && (json === undefined || json < 0 || html < json);
};

/** No foreign content, no scripts, no frames. */
const contentPolicy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const forPrograms = ({ temporalUi, mail, sms, bank }: Places, version: string) => ({
  name: 'Lipei',
  version,
  description: "The back office of an insurer's claims department.",
  openapi: '/openapi.json',
  health: '/health',
  noticeOfLoss: '/schemas/notice-of-loss.json',
  ...definedOnes({ temporalUi, mail, sms, bank }),
});

const definedOnes = (given: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(given).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, value]],
    ),
  );
