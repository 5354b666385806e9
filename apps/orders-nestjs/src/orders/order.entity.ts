import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** `UNSET` is what orders have that were placed before anybody asked. */
export const PAYMENT_METHODS = ['UNSET', 'CARD', 'BANK_TRANSFER', 'CASH'] as const;
export type PaymentMethod = (typeof PAYMENT_METHODS)[number];

@Entity('orders')
export class Order {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('text')
  item!: string;

  @Column('integer')
  quantity!: number;

  @Column('text', { name: 'payment_method' })
  paymentMethod!: PaymentMethod;

  @CreateDateColumn({ name: 'created_at' })
  createdAt!: Date;
}
