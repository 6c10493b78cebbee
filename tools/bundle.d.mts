/** Writes what a page without a bundler hosts into a folder. */
export function bundle(folder: string): Promise<void>;
