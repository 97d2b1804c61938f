import { defineConfig } from "vitest/config";

/** `npm run test:emergence`: minutes a seed, on the best engine there is. */
export default defineConfig({
  test: { include: ["tests/emergence/**/*.test.ts"], maxWorkers: 1, pool: "forks", disableConsoleIntercept: true },
});
