/**
 * The code of the page, from its modules: by `deno bundle`, which needs no
 * file to write.
 *
 * @module
 */

/** Code of a module of the lab and all that it imports, for a browser; throws `Error` that says why there is none. */
async function bundled(module: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("deno", {
    args: [
      "bundle",
      "-q",
      "--platform",
      "browser",
      "--format",
      "iife",
      "--minify",
      new URL(`../lab/${module}`, import.meta.url).pathname,
    ],
    cwd: new URL("../../", import.meta.url),
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  if (success) return text.decode(stdout);
  const [line = "no reason given"] = text.decode(stderr).split("\n")
    .filter((line) => line.trim() !== "");
  throw new Error(`deno bundle failed: ${line}`);
}

/** The code of the page and of its worker. */
export async function labCode(): Promise<{ page: string; worker: string }> {
  const [page, worker] = await Promise.all([
    bundled("page/main.ts"),
    bundled("worker.ts"),
  ]);
  return { page: page!, worker: worker! };
}
