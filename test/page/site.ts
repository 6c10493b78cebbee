import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import type { Browser, Page } from "playwright-core";
import { isolation, types } from "../support/chromium.js";

export interface Site {
  readonly page: Page;
  /** What the page asked for, on whatever host. */
  readonly requests: readonly string[];
  readonly origin: string;
  /** What went wrong in the page, and its warnings. */
  readonly said: readonly string[];
  close(): Promise<void>;
}

export interface SiteOptions {
  /** Files by path, and folders that are looked into for all others, in order. */
  readonly files?: Readonly<Record<string, string>>;
  readonly folders: readonly string[];
  /** Whether the server lets threads share memory. */
  readonly isolated?: boolean;
}

/** A page on a server of its own, which serves files as they are. */
export async function openSite(
  browser: Browser,
  { files = {}, folders, isolated = false }: SiteOptions,
): Promise<Site> {
  const headers = isolated ? isolation : {};
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://x");
    const path = normalize(decodeURIComponent(pathname === "/" ? "/index.html" : pathname));
    const bytes = files[path] ?? (await first(folders, path));
    if (bytes === undefined) {
      response.writeHead(404, headers).end();
      return;
    }
    const type = types[extname(path)] ?? "application/octet-stream";
    response.writeHead(200, { ...headers, "content-type": type }).end(bytes);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo; // it listens on a port
  const origin = `http://127.0.0.1:${port}`;
  const context = await browser.newContext();
  const page = await context.newPage();
  const requests: string[] = [];
  const said: string[] = [];
  context.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("console", (message) => {
    if (["warning", "error"].includes(message.type())) said.push(message.text());
  });
  await page.goto(`${origin}/`);
  const close = async (): Promise<void> => {
    await context.close();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { page, requests, origin, said, close };
}

async function first(folders: readonly string[], path: string): Promise<Buffer | undefined> {
  for (const folder of folders) {
    try {
      return await readFile(join(folder, path));
    } catch {
      // Perhaps in the next one.
    }
  }
  return undefined;
}
