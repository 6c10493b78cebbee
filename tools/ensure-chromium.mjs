/**
 * Installs Debian's Chromium where tests want it and nothing stands in the way: as root, with
 * apt-get. Otherwise it says nothing; the tests that need it say that they are skipped and why.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const run = (...command) =>
  spawnSync("apt-get", command, {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: "ignore",
    timeout: 300_000,
  }).status === 0;

if (
  !existsSync("/usr/bin/chromium") &&
  process.getuid?.() === 0 &&
  existsSync("/usr/bin/apt-get")
) {
  run("update", "-qq") && run("install", "-y", "-qq", "--no-install-recommends", "chromium");
}
