/**
 * What of `Test.createTestingModule()` is used. Written down here, so that the declarations of this package import no
 * library that an application may not have.
 */
export interface OverridesProviders {
  overrideProvider(token: unknown): { useValue(value: unknown): unknown };
}
