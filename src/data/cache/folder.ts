import { homedir } from "node:os";
import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where decoded pictures and downloads are kept: `$BELAMY_CACHE`, or a folder where the system's
 * custom has caches.
 */
export function cacheFolder(
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
  home = homedir(),
): string {
  const given = (name: string): string | undefined => env[name] || undefined;
  const own = given("BELAMY_CACHE");
  if (own !== undefined) return own;
  const custom = given("XDG_CACHE_HOME");
  if (custom !== undefined) return join(custom, "belamy");
  if (platform === "darwin") return join(home, "Library", "Caches", "belamy");
  if (platform === "win32") {
    return join(given("LOCALAPPDATA") ?? join(home, "AppData", "Local"), "belamy", "cache");
  }
  return join(home, ".cache", "belamy");
}
