import { createServer, type Server } from "node:http";
import { extname } from "node:path";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".md": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
};

/** Isolates the page from other origins, so that its threads may share memory, and lets it ask this server alone. */
const HEADERS = {
  "Cache-Control": "no-store",
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
};

/** Serves files by path on this machine alone. Resolves once the server listens; 0 takes a free port. */
export async function serve(files: ReadonlyMap<string, Uint8Array>, port: number): Promise<Server> {
  const server = createServer(({ method, url }, response) => {
    const path = new URL(url ?? "/", "http://localhost").pathname.slice(1) || "index.html";
    const content = files.get(path);
    if (content === undefined || (method !== "GET" && method !== "HEAD")) {
      response.writeHead(404, { ...HEADERS, "Content-Type": "text/plain" }).end("There is no such file.\n");
      return;
    }
    response.writeHead(200, {
      ...HEADERS,
      "Content-Type": TYPES[extname(path)] ?? "application/octet-stream",
      "Content-Length": content.length,
    });
    response.end(method === "HEAD" ? undefined : content);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}
