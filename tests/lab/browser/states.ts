/**
 * The heap that the page shows at random instants, against what the command
 * line answers (`--addresses`) and a walk over a heap of its own.
 *
 * @module
 */
import { parseSpec } from "../../../allocators/entry.ts";
import { PAGE } from "../../../allocators/pages.ts";
import { ALLOCATORS } from "../../../allocators/registry.ts";
import { memoryOf, newHeap } from "../../../experiments/experiment/cell.ts";
import { prng } from "../../../experiments/laws/prng.ts";
import type { LaneState } from "../../../experiments/lab/protocol.ts";
import { isMark, Session } from "../../../experiments/replay/replay.ts";
import { openTrace } from "../../../experiments/traces/open_trace.ts";
import { WORKLOADS } from "../../../experiments/workloads/mod.ts";
import type { Browser } from "./devtools.ts";
import { type Finding, must, type Proof } from "./proof.ts";
import { saved } from "./traces.ts";

/** A trace: a file of the project, or a workload; and who serves it. */
const CASES: readonly (readonly [trace: string, spec: string])[] = [
  ["data/traces/bash.rep.gz", "glibc"],
  ["data/traces/cc1.rep.gz", "glibc:version=2.31"],
  ["data/traces/perl.rep.gz", "musl"],
  ["data/traces/python.rep.gz", "tlsf"],
  ["data/traces/sqlite.rep.gz", "first_fit:arena=64M"],
  ["random_churn", "best_fit:arena=16M"],
  ["lifetime_churn", "glibc:tcache_count=0"],
  ["map_nodes", "pool"],
  ["phased", "kingsley"],
  ["container", "glibc"],
];
const CURSORS = 20;
/** Cases of the short form. */
const FEW: readonly string[] = ["data/traces/python.rep.gz", "map_nodes"];

/** The proof. */
export const states: Proof = {
  name: "states",
  summary: "the heap at random instants against --addresses and walk()",
  async run({ browser, address, folder, short }) {
    const findings: Finding[] = [];
    const cases = short
      ? CASES.filter(([trace]) => FEW.includes(trace))
      : CASES;
    for (const [trace, spec] of cases) {
      const path = trace.includes("/")
        ? await Deno.realPath(trace)
        : await built(trace, folder);
      const { wrong, compared } = await compare(
        browser,
        { address, path, spec },
      );
      const what = `${trace.split("/").at(-1)} under ${spec}`;
      findings.push(must(what, wrong, `${compared} instants`));
    }
    return findings;
  },
};

async function built(name: string, folder: string): Promise<string> {
  const workload = WORKLOADS.find((one) => one.name === name)!;
  return await saved(workload.build({}, prng(7)), folder, name);
}

/** What to look at. */
interface Case {
  address: string;
  path: string;
  spec: string;
}

async function compare(
  browser: Browser,
  { address, path, spec }: Case,
) {
  const lines = await addresses(path, spec);
  const draw = prng(11);
  const ops = Array.from(
    { length: CURSORS },
    () => 1 + Math.floor(draw() * lines.length),
  );
  const page = await browser.page({ width: 1400, height: 900 });
  await page.open(address);
  await page.until(`document.querySelector("main").dataset.exact === "true"`);
  await page.evaluate(`(() => {
    lab.specs = [${JSON.stringify(spec)}];
    delete document.querySelector("main").dataset.exact;
  })()`);
  await page.drop(path);
  await page.until(
    `document.querySelector("main").dataset.exact === "true" &&
      lab.time.operations === ${lines.length}`,
  );
  const shown = new Map<number, LaneState>();
  for (const op of ops) {
    const { lanes: [lane] } = await page.evaluate<{ lanes: LaneState[] }>(
      `lab.client.ask({ kind: "state", op: ${op} })`,
    );
    shown.set(op, lane!);
  }
  await page.close();
  const wrong = [...page.errors];
  await walked(
    path,
    spec,
    shown,
    (op, text) => wrong.push(`${op}: ${text}`),
    lines,
  );
  return { wrong, compared: ops.length };
}

/** Replays it here; says what differs from `shown`. */
async function walked(
  path: string,
  text: string,
  shown: ReadonlyMap<number, LaneState>,
  differs: (op: number, text: string) => void,
  lines: readonly string[],
): Promise<void> {
  const spec = parseSpec(text, ALLOCATORS);
  const { heap, source, start } = newHeap(spec, 1, memoryOf(spec));
  const session = new Session(heap, source, { touch: "all" });
  const absolute = spec.entry.places === "absolute";
  const bytes = Deno.readFileSync(path);
  for await (const block of openTrace(path, () => [bytes]).blocks()) {
    for (let i = 0; i < block.length; i++) {
      session.run(block, i, i + 1);
      if (isMark(block.op[i]!)) continue;
      const state = shown.get(session.op);
      if (!state) continue;
      const { op } = session;
      const answer = answerOf(lines[op - 1]!, state.address, start, absolute);
      if (answer !== undefined) differs(op, answer);
      const blocks: string[] = [];
      heap.walk((start, bytes, kind) =>
        blocks.push(`${start} ${bytes} ${kind}`)
      );
      const seen = state.blocks.map(({ address, bytes, kind }) =>
        `${address} ${bytes} ${kind}`
      );
      const from = blocks.indexOf(seen[0] ?? "");
      const part = blocks.slice(from, from + seen.length);
      if (from < 0 || `${part}` !== `${seen}`) {
        const i = seen.findIndex((one, i) => one !== part[i]);
        differs(op, `block ${seen[i]}, walk ${part[i]}`);
      }
      if (state.isCut !== (seen.length < blocks.length)) {
        differs(
          op,
          `${seen.length} of ${blocks.length} blocks, cut: ${state.isCut}`,
        );
      }
    }
  }
}

/** How `address` differs from the line of `--addresses`; undefined: not at all. */
function answerOf(
  line: string,
  address: number | null,
  start: number,
  absolute: boolean,
): string | undefined {
  const [, kind = "", place] = line.split(" ");
  const expected = parseInt(absolute ? kind : place ?? "", 16);
  const isSame = kind === "-" || kind === "0"
    ? address === null
    : absolute
    ? address === expected
    : kind === "H"
    ? address === start + expected
    : address !== null && address % PAGE === expected % PAGE;
  return isSame ? undefined : `at ${address}, --addresses: ${line}`;
}

/** The answers of the command line, an operation each. */
async function addresses(path: string, spec: string): Promise<string[]> {
  const { success, stdout, stderr } = await new Deno.Command("deno", {
    args: [
      "run",
      "--allow-read",
      "--allow-env=INIT_CWD,NO_COLOR",
      "experiments/main.ts",
      "replay",
      path,
      "--allocator",
      spec,
      "--addresses",
    ],
  }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(text.decode(stderr));
  return text.decode(stdout).split("\n").filter((line) => /^\d/.test(line));
}
