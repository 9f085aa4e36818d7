import { defineConfig } from 'vitest/config';

/** Tests against what is not in this repository: other programs, the registry, other Node.js releases. */
export default defineConfig({
  test: {
    include: ['test/packages/**/*.test.ts', 'test/peers/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // Installing and replaying keep a machine of two cores busy by themselves, and npx is not safe to race.
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
