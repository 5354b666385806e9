import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globals: true,
    root: './',
    include: ['**/*.spec.ts'],
    // Changes in a directory are imported by the engine; inlined, it imports them as Vitest does: with their decorators.
    server: { deps: { inline: [/@flamingock/] } },
  },
});
