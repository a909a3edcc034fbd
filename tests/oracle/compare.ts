/**
 * `deno task compare TRACE --allocator glibc[:...]`: the simulation and the real
 * library side by side; `--version` compares with another library than the
 * machine's own. With `--real` the lab's own command answers.
 *
 * Replays the trace in a child process, whose malloc is the machine's own, and
 * in the simulation, every payload byte written in both; prints where they
 * differ, and writes break and resident pages of both over time as CSV. Exit
 * code 1 if they differ. Needs cc (and gcc-multilib for i386).
 *
 * @module
 */
import { resolve } from "node:path";
import { parseSpec } from "../../allocators/entry.ts";
import { NULL } from "../../allocators/allocator.ts";
import { AddressSpace } from "../../allocators/os/address_space.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import { addressLines } from "../../experiments/replay/addresses.ts";
import { Session } from "../../experiments/replay/replay.ts";
import { plural } from "../../experiments/traces/plural.ts";
import { openTrace } from "../../experiments/traces/open_trace.ts";
import { layoutOf } from "./machine.ts";
import { plainText } from "./plain.ts";
import type { VersionName } from "../../allocators/glibc/versions.ts";
import { BITS, buildOracle, type GeometryName } from "./oracle.ts";
import { type VersionGeometry, versionOracle } from "./versions.ts";
import { CATALOGUE, main } from "../../experiments/main.ts";
import { taskArguments } from "../task.ts";

const BUILD = new URL("./build/", import.meta.url).pathname;
/** Lines without what depends on the process: V and # lines, distances. */
function lines(output: string): string[] {
  return output.split("\n").filter((line) => /^[^V#]/.test(line)).map(
    (line) => {
      const words = line.split(" ");
      if (words[1] === "M" || words[1] === "X") words.length = 4;
      return words.join(" ");
    },
  );
}

/** What an S line says; pages and faults since the first one. */
function figures(all: readonly string[]) {
  const rows = all.filter((line) => line.startsWith("S ")).map((line) =>
    line.split(" ")
  );
  const [, ...first] = rows[0] ?? [];
  return rows.map((words) => ({
    op: Number(words[1]),
    break: parseInt(words[2]!, 16),
    report: words.slice(3, 12).join(" "),
    pages: Number(words[12]) - Number(first[11]),
    faults: Number(words[13]) - Number(first[12]),
  }));
}

/** Ends with one line on what was wrong. */
function fail(message: string, code: number): never {
  console.error(message);
  Deno.exit(code);
}

if (Deno.args.some((word) => /^--(real|install)(=|$)/.test(word))) {
  Deno.exit(await main(["compare", ...Deno.args], CATALOGUE));
}

const args = taskArguments({
  name: "compare",
  summary: "The simulated and the real glibc side by side; needs cc",
  usage: "TRACE [options]",
  options: [
    {
      name: "real",
      value: "NAMES",
      summary: "instead: real allocators side by side; deno task run " +
        "compare --help",
    },
    {
      name: "allocator",
      value: "SPEC",
      summary: "the simulation, with the options of the real one; glibc",
    },
    {
      name: "version",
      value: "V",
      summary: "2.31, 2.36, 2.41, 2.43 or 2.44; the machine's own 2.36",
    },
    {
      name: "folder",
      value: "DIR",
      summary: "filled by tests/oracle/glibc_versions.sh DIR; data/glibc",
    },
    {
      name: "sample",
      value: "N",
      summary: "operations between figures; 1000",
    },
    {
      name: "out",
      value: "FILE",
      summary: "break and resident pages as CSV; data/results/compare.csv",
    },
  ],
  most: 1,
});
const [file] = args.names;
const sample = args.text("sample") ?? "1000";
const every = Number(sample);
if (file === undefined) {
  fail("compare expects one TRACE (see deno task compare --help)", 2);
}
if (!(Number.isSafeInteger(every) && every > 0)) {
  fail(`--sample expects a whole number > 0, not "${sample}"`, 2);
}
const home = Deno.env.get("INIT_CWD") ?? Deno.cwd();
const given = args.text("out");
const out = given === undefined
  ? new URL("../../data/results/compare.csv", import.meta.url).pathname
  : resolve(home, given);
const csv = given ?? out;

try {
  const wanted = args.text("version");
  const more = wanted === undefined ? "" : `:version=${wanted}`;
  const spec = parseSpec(
    (args.text("allocator") ?? "glibc") + more,
    ALLOCATORS,
  );
  if (spec.entry.name !== "glibc") {
    fail(`compare knows the real glibc only, not ${spec.entry.name}`, 2);
  }
  const { geometry = "x86_64", version: of, ...tunables } = spec.values;
  const version = of ?? spec.entry.options.version!.fallback;
  const place = resolve(out, "..");
  Deno.mkdirSync(place, { recursive: true });
  const name = geometry as GeometryName;
  const path = resolve(home, file!);
  const open = () => Deno.open(path).then((f) => f.readable);
  const oracle = wanted === undefined && version === "2.36"
    ? await buildOracle(name, BUILD)
    : await versionOracle(
      {
        folder: resolve(home, args.text("folder") ?? "data/glibc"),
        version: version as VersionName,
        geometry: name as VersionGeometry,
      },
      BUILD,
    );
  if ("why" in oracle) fail(`No real malloc for ${name}: ${oracle.why}`, 1);
  const text = `${BUILD}trace.rep`;
  await Deno.writeTextFile(text, await plainText(openTrace(file!, open)));
  const tuning = Object.entries(tunables).filter(([, v]) => v !== "unset")
    .map(([k, v]) => `${k}=${v}`);
  const output = await oracle.run(text, tuning, ["-s", `${every}`]);
  // Residency from a run of its own: printing answers takes pages, too.
  const quiet = await oracle.run(text, tuning, ["-q", "-w", "-s", `${every}`]);

  const source = new AddressSpace({ layout: layoutOf(output, BITS[name]) });
  const heap = spec.entry.create(spec.values, { source, draw: () => 0 });
  const subject = { heap, source, start: source.sbrk(0), process: true };
  const session = new Session(heap, source, { touch: "all" });
  const trace = openTrace(text, () => Deno.open(text).then((f) => f.readable));
  const answers = { every, explain: false, resident: true };
  let printed = "";
  for await (const piece of addressLines(trace, session, subject, answers)) {
    printed += piece;
  }
  const real = lines(output);
  const simulated = lines(printed);

  const answer = (line?: string) => line?.startsWith("S ") ? "" : line;
  let differing = 0;
  let first = -1;
  for (let i = 0; i < Math.max(real.length, simulated.length); i++) {
    if (answer(real[i]) === answer(simulated[i])) continue;
    if (differing++ === 0) first = i;
  }
  const pairs = figures(lines(quiet)).map((r, i) => ({
    r,
    s: figures(simulated)[i],
  }));
  const reports = pairs.filter(({ r, s }) =>
    r.break !== s?.break || r.report !== s?.report
  ).length;
  const residual = Math.max(
    ...pairs.map(({ r, s }) => Math.abs(r.pages - (s?.pages ?? NULL))),
  );
  const last = pairs.at(-1)!;
  console.log(`${file} under ${spec.text}: ${plural(session.op, "operation")}`);
  console.log(`lines that differ       ${differing}`);
  console.log(`figures that differ     ${reports} of ${pairs.length}`);
  console.log(
    `resident pages          real ${last.r.pages}, simulated ${last.s?.pages}, at most ${residual} apart`,
  );
  console.log(
    `page faults             real ${last.r.faults}, simulated ${last.s?.faults}`,
  );
  if (first >= 0) {
    console.log(
      `first difference        real: ${real[first]}; simulated: ${
        simulated[first]
      }`,
    );
    const op = parseInt(simulated[first] ?? "");
    console.log(
      `  to see its way        deno task run replay ${file} --allocator ${spec.text} --addresses --explain | grep "^${op} "`,
    );
  }
  const columns = [
    "op",
    "real_break_bytes",
    "break_bytes",
    "real_resident_pages",
    "resident_pages",
    "real_page_faults",
    "page_faults",
  ];
  await Deno.writeTextFile(
    out,
    [
      columns.join(","),
      ...pairs.map(({ r, s }) =>
        [r.op, r.break, s?.break, r.pages, s?.pages, r.faults, s?.faults].join(
          ",",
        )
      ),
    ].join("\n") + "\n",
  );
  console.log(`break and residency over time are in ${csv}`);
  if (differing > 0 || reports > 0) Deno.exit(1);
} catch (error) {
  if (error instanceof Deno.errors.NotFound) fail(`${file}: no such file`, 1);
  if (error instanceof Deno.errors.NotCapable) {
    fail(`Cannot write ${csv}: only the project's data folder is open`, 1);
  }
  if (error instanceof SyntaxError) fail(error.message, 1);
  if (error instanceof RangeError) fail(error.message, 2);
  throw error;
}
