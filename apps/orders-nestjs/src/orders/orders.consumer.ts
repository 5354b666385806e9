import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { newOrder, type NewOrder } from './new-order.js';
import type { Order } from './order.entity.js';
import { OrdersService } from './orders.service.js';

/** Takes the orders of the shops, which come as messages. */
@Controller()
export class OrdersConsumer {
  constructor(private readonly orders: OrdersService) {}

  @MessagePattern('orders.place')
  place(@Payload({ schema: newOrder }) order: NewOrder): Promise<Order> {
    return this.orders.place(order);
  }
}
