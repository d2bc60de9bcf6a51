import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';

/** Describes every route that is registered after it. */
export async function describeApi(app: FastifyInstance, publicUrl: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Lipei',
        version: '1',
        description:
          "The back office of an insurer's claims department. Every failure is a problem document " +
          '(RFC 9457) whose detail is one sentence. ' +
          'A request with an Idempotency-Key may be repeated: it counts once. ' +
          'People and units are named by codes; where people read an answer, the name stands beside ' +
          'the code: handlerName beside handler, branchName beside branch. ' +
          '/staff and /units have all of them.',
      },
      servers: [{ url: publicUrl }],
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
      security: [{ bearer: [] }],
    },
    transform: jsonSchemaTransform,
  });
  app.addHook('onRoute', (route) => {
    if (route.config?.open) route.schema = { ...route.schema, security: [] };
  });
  app.get('/openapi.json', { config: { open: true }, schema: { hide: true } }, () => app.swagger());
}
