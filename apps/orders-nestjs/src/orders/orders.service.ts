import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { NewOrder } from './new-order.js';
import { Order } from './order.entity.js';

@Injectable()
export class OrdersService {
  constructor(@InjectRepository(Order) private readonly orders: Repository<Order>) {}

  place(order: NewOrder): Promise<Order> {
    return this.orders.save(this.orders.create(order));
  }

  /** Oldest first. */
  list(): Promise<Order[]> {
    return this.orders.find({ order: { createdAt: 'ASC', id: 'ASC' } });
  }

  find(id: string): Promise<Order | null> {
    return this.orders.findOneBy({ id });
  }
}
