import { defineConfig } from "vitest/config";

/** Learning tests: minutes to hours, in a job of their own. */
export default defineConfig({
  test: {
    include: ["test/learning/**/*.learning.ts"],
    globalSetup: "test/support/cache.ts",
    testTimeout: 4 * 3_600_000,
    fileParallelism: false,
    pool: "forks",
    reporters: ["verbose"],
  },
});
