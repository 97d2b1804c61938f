import { defineConfig } from "vitest/config";
import { ROOMS, type Room } from "./rooms.ts";

/** The tests that stand against the mutants of one room, named by SIC_MUTATED: those that hold this room and run in one process. */
export default defineConfig({
  test: {
    include: ROOMS[(process.env["SIC_MUTATED"] ?? "model") as Room],
    setupFiles: ["tests/draws.ts"],
    // The same draws for every mutant, and the readable operations, which are what is mutated, without the fused kernels.
    env: { SIC_DRAWS: "1", SIC_FUSED: "0" },
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
