import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What changes of the tests write. */
@Entity()
export class Probe {
  @PrimaryColumn('text')
  value!: string;

  @Column('text', { nullable: true })
  note!: string | null;
}
