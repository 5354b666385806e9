import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { zoneOf } from './zone.js';

const PAGE = 50;
const COLUMNS = 'id, reference, postcode, weight_grams AS "weightGrams", zone';
const UNIQUE_VIOLATION = '23505';

interface Shipment {
  readonly id: string;
  readonly reference: string;
  readonly postcode: string;
  readonly weightGrams: number;
  readonly zone: number;
}

type NewShipment = Pick<Shipment, 'reference' | 'postcode' | 'weightGrams'>;

const id = { type: 'string', pattern: '^[0-9]{1,18}$' } as const;

const listed = {
  querystring: {
    type: 'object',
    additionalProperties: false,
    properties: { zone: { type: 'integer', minimum: 1, maximum: 6 }, after: { ...id, default: '0' } },
  },
} as const;

const created = {
  body: {
    type: 'object',
    required: ['reference', 'postcode', 'weightGrams'],
    additionalProperties: false,
    properties: {
      reference: { type: 'string', minLength: 1, maxLength: 40 },
      postcode: { type: 'string', pattern: '^[0-9]{5}$' },
      weightGrams: { type: 'integer', minimum: 1, maximum: 30_000 },
    },
  },
} as const;

/** Shipments over HTTP. It relies on the column `zone`: none is served before the changes have filled it. */
export const shipments: FastifyPluginAsync = async (app) => {
  app.get<{ Querystring: { zone?: number; after: string } }>(
    '/shipments',
    { schema: listed },
    async ({ query: { zone, after } }) => {
      const ofZone = zone === undefined ? '' : 'AND zone = $3';
      return rows(app, `WHERE id > $1 ${ofZone} ORDER BY id LIMIT $2`, [
        after,
        PAGE,
        ...(zone === undefined ? [] : [zone]),
      ]);
    },
  );

  app.get<{ Params: { id: string } }>(
    '/shipments/:id',
    { schema: { params: { type: 'object', properties: { id } } } },
    async ({ params }, reply) => {
      const [shipment] = await rows(app, 'WHERE id = $1', [params.id]);
      if (shipment !== undefined) return shipment;
      reply.callNotFound();
      return reply;
    },
  );

  app.post<{ Body: NewShipment }>('/shipments', { schema: created }, async ({ body }, reply) => {
    const { reference, postcode, weightGrams } = body;
    try {
      const { rows } = await app.pg.query<Shipment>(
        `INSERT INTO shipments (reference, postcode, weight_grams, zone) VALUES ($1, $2, $3, $4) RETURNING ${COLUMNS}`,
        [reference, postcode, weightGrams, zoneOf(postcode)],
      );
      return await reply.code(201).send(rows[0]);
    } catch (error) {
      if ((error as { readonly code?: unknown }).code !== UNIQUE_VIOLATION) throw error;
      return reply.code(409).send({ statusCode: 409, error: 'Conflict', message: 'The reference is taken.' });
    }
  });
};

async function rows(
  app: FastifyInstance,
  condition: string,
  values: readonly unknown[],
): Promise<readonly Shipment[]> {
  const found = await app.pg.query<Shipment>(`SELECT ${COLUMNS} FROM shipments ${condition}`, [...values]);
  return found.rows;
}
