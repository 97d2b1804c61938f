import { defineConfig } from "vitest/config";

/** `npm run test:page`: the claims page, and the page that trains, in a real browser. */
export default defineConfig({
  test: { include: ["tests/browser/**/*.test.ts"], testTimeout: 300_000, hookTimeout: 300_000, maxWorkers: 1 },
});
