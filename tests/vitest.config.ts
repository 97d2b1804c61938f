import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // With a port named, its tests alone: SIC_PORT="python3 my_port.py" npm test
    include: process.env["SIC_PORT"]
      ? ["tests/ports/port.test.ts"]
      : [
          "tests/properties/**/*.test.ts",
          "tests/golden/**/*.test.ts",
          "tests/ports/**/*.test.ts",
          "tests/report/**/*.test.ts",
        ],
    setupFiles: ["tests/draws.ts"],
    // Against hangs only: a busy machine takes many times as long as an idle one.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // Two cores: the tensorflow engine already uses both, so more workers would only fight over them.
    maxWorkers: 2,
    pool: "forks",
  },
});
