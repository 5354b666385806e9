/** What `flamingock doctor` can be told. */
export interface DoctorOptions {
  /** A span, as it was typed. */
  readonly timeout?: string;
}
