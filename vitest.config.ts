import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'docs/test/**/*.test.ts', 'test/**/*.test.ts'],
    // Those have a configuration of their own: vitest.peers.config.ts.
    exclude: ['**/node_modules/**', '**/dist/**', 'test/packages/**', 'test/peers/**'],
    // Tests of memory ask for a collection.
    execArgv: ['--expose-gc'],
    // Many tests wait for a command that runs in a process of its own.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
