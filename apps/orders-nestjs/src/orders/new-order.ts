import { z } from 'zod';
import { PAYMENT_METHODS } from './order.entity.js';

/** The body of `POST /orders`. Fields that it does not know are refused. */
export const newOrder = z.strictObject({
  item: z.string().trim().min(1).max(200),
  quantity: z.int().min(1).max(1000),
  paymentMethod: z.enum(PAYMENT_METHODS).default('UNSET'),
});

export type NewOrder = z.infer<typeof newOrder>;
