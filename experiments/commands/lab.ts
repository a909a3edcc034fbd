/**
 * `lab`: the page in which a heap can be looked at, at any instant.
 *
 * @module
 */
import { encodeBase64 } from "./base64.ts";
import { labCode } from "./lab_code.ts";
import { pageOf } from "../lab/page/template.ts";
import { basename, resolve } from "node:path";
import { replaceFile } from "../runner/commit.ts";
import { Failure, UsageError } from "../runner/failure.ts";
import { projectPath } from "../runner/files.ts";
import { openTrace } from "../traces/open_trace.ts";
import type { Command, Lab } from "./command.ts";
import { openInput } from "./input.ts";
import { checkPlace } from "./place.ts";

/** The page if none is named. */
const PAGE = "lab.html";
/** Bytes of the longest trace that is put into a page: 256 MiB. */
const MOST = 2 ** 28;

/** The command. */
export const lab: Command = {
  name: "lab",
  call: "deno task",
  summary: "write the page that shows a heap at any instant, with traces in it",
  usage: ["[TRACE...] [--out FILE]"],
  options: [
    { name: "out", value: "FILE", summary: "the page; data/lab.html" },
  ],
  examples: ["lab", "lab mine.rep.gz", "lab mine.rep.gz --out mine.html"],
  parse(args) {
    const out = args.text("out");
    if (out !== undefined && !out.endsWith(".html")) {
      throw new UsageError(
        `--out expects a name ending in .html, not "${out}"`,
      );
    }
    return (lab) => write(lab, args.names, out);
  },
};

async function write(
  lab: Lab,
  names: readonly string[],
  out: string | undefined,
): Promise<void> {
  const path = out === undefined
    ? projectPath(`data/${PAGE}`)
    : resolve(lab.cwd, out);
  checkPlace(path);
  const traces = [];
  for (const name of names) traces.push(await embedded(lab, name));
  lab.status("Bundling the page");
  const code = await labCode().catch((error: Error) => {
    throw new Failure(error.message);
  });
  lab.status("");
  replaceFile(path, pageOf({ ...code, traces }));
  lab.print(`The page is ${path}\n`);
}

/** A trace as it is in its file, once it is known that it can be read. */
async function embedded(lab: Lab, name: string) {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of await openInput(lab, name)) {
    length += piece.length;
    if (length > MOST) {
      throw new Failure(
        `${name}: longer than ${MOST} bytes; open it in the page instead`,
      );
    }
    pieces.push(piece.slice());
  }
  const trace = openTrace(name, () => pieces, { holds: "any" });
  const { holds } = await trace.format();
  for await (const _ of trace.blocks()) { /* an error has its line */ }
  return { name: basename(name), holds, base64: encodeBase64(pieces) };
}
