const text = { type: 'string' } as const;
const count = { type: 'integer', minimum: 0 } as const;
const time = { type: 'string', format: 'date-time' } as const;

const entry = {
  type: 'object',
  required: ['status', 'state', 'applied', 'pending'],
  additionalProperties: false,
  properties: {
    status: { enum: ['up', 'degraded', 'down'] },
    state: { enum: ['idle', 'waiting', 'running', 'ready', 'degraded', 'failed', 'closed'] },
    applied: { ...count, description: 'How many changes are applied.' },
    pending: { ...count, description: 'How many changes are not applied yet.' },
    current: {
      type: 'object',
      description: 'The change that runs now.',
      required: ['change', 'targetSystem', 'since'],
      additionalProperties: false,
      properties: {
        change: text,
        targetSystem: text,
        since: time,
        progress: {
          type: 'object',
          description: 'How far the change says that it has come.',
          required: ['done'],
          additionalProperties: false,
          properties: { done: { type: 'number' }, total: { type: 'number' }, note: text },
        },
      },
    },
    holder: {
      type: 'object',
      description: 'The process that this one waits for.',
      required: ['host', 'processId', 'since'],
      additionalProperties: false,
      properties: { host: text, processId: { type: 'integer' }, since: time },
    },
    error: {
      type: 'object',
      required: ['code'],
      additionalProperties: false,
      properties: { code: text },
    },
  },
} as const;

const entries = { type: 'object', additionalProperties: entry } as const;

/** The body of a readiness probe as JSON Schema, for documentation that is made of routes: it describes all of it. */
export const readinessSchema = {
  type: 'object',
  description: 'Whether the changes of this application are applied.',
  required: ['status', 'info', 'error', 'details'],
  additionalProperties: false,
  properties: {
    status: { enum: ['ok', 'degraded', 'error', 'shutting_down'] },
    info: { ...entries, description: 'What is ready.' },
    error: { ...entries, description: 'What is not.' },
    details: entries,
  },
} as const;
