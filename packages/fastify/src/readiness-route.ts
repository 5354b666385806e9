import { type HealthBody, type HttpAnswer, readinessAnswer } from '@flamingock/core/hosting';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { enginesOf, readinessUrlOf, type RegisteredEngine } from './engines.js';
import { readinessSchema } from './readiness-schema.js';

const schema: FastifySchema = { response: { 200: readinessSchema, 503: readinessSchema } };

/** Answers the readiness of every engine that was registered with this path. */
export function serveReadiness(app: FastifyInstance, path: string): void {
  const engines = (): readonly RegisteredEngine[] =>
    enginesOf(app).filter((engine) => readinessUrlOf(engine) === `${app.prefix}${path}`);
  if (engines().length > 1) return;
  app.get(path, {
    schema,
    // The schema is for people. An application may serialize by schemas of another kind, which would refuse this one.
    serializerCompiler: () => (body) => JSON.stringify(body),
    handler: async (_request, reply) => {
      const { statusCode, headers, body } = answerOf(engines());
      return reply.code(statusCode).headers(headers).send(body);
    },
  });
}

function answerOf(engines: readonly RegisteredEngine[]): HttpAnswer<HealthBody> {
  return readinessAnswer(
    Object.fromEntries(
      engines.map(({ name = 'flamingock', hosted }) => [name, hosted.flamingock.readiness()] as const),
    ),
  );
}
