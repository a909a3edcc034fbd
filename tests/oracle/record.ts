/**
 * Records what the real malloc does.
 *
 *     deno run --allow-read --allow-write --allow-run --allow-env tests/oracle/record.ts [geometry...]
 *     deno run ... tests/oracle/record.ts versions FOLDER
 *
 * The first writes fixtures/real_<geometry>.gz: the edge traces and random
 * ones, for the default and every other tuning. The second writes
 * fixtures/edges_x86_64.gz: the traces of fixtures/edge_versions with the
 * libraries in FOLDER, see `glibc_versions.sh`.
 *
 * The name of an edge trace can be followed by tunables: name.key=value.rep.
 * A file is a sequence of runs. Each begins with the line
 * `## name kind seed steps key=value...`; kind `given` means that the trace
 * follows on lines that begin with `>`, `same` that it is the one before. Then
 * comes the replayer's output.
 *
 * @module
 */
import { type VersionName, VERSIONS } from "../../allocators/glibc/versions.ts";
import { forQemu, generate, KINDS } from "./generate.ts";
import {
  buildOracle,
  type GeometryName,
  type Oracle,
  type Tuning,
} from "../../experiments/real/glibc.ts";
import { TUNINGS } from "./tunings.ts";
import { buildThreadOracle } from "./threads_oracle.ts";
import { versionOracle } from "../../experiments/real/glibc_versions.ts";

const FIXTURES = new URL("fixtures/", import.meta.url);
const STEPS = 1500;
const NO_CACHES: Tuning = ["tcache_count=0", "mxfast=0"];

/** One run: its name, how to get the trace, the tuning. */
interface Run {
  name: string;
  kind: string;
  seed: number;
  steps: number;
  tuning: Tuning;
  given?: string;
}

async function runs(geometry: GeometryName): Promise<Run[]> {
  const list: Run[] = [];
  const edge = new URL("edge/", FIXTURES);
  const files = [...Deno.readDirSync(edge)].map(({ name }) => name).sort();
  for (const file of files) {
    const given = await Deno.readTextFile(new URL(file, edge));
    const [name, ...tuning] = file.replace(".rep", "").split(".");
    const common = { kind: "given", seed: 0, steps: 0, given };
    list.push({ name: name!, tuning, ...common });
    if (tuning.length > 0) continue;
    list.push({ name: `${name}_uncached`, tuning: NO_CACHES, ...common });
  }
  if (geometry === "x86_64") {
    const kind = "ten_thousand";
    list.push({ name: kind, kind, seed: 0, steps: 0, tuning: NO_CACHES });
  }
  const kinds = Object.keys(KINDS);
  for (const kind of kinds) {
    list.push({ name: kind, kind, seed: 1, steps: STEPS, tuning: [] });
  }
  TUNINGS.forEach((tuning, t) => {
    for (let k = 0; t > 0 && k < 3; k++) {
      const kind = kinds[(3 * t + k) % kinds.length]!;
      const name = `${kind}_tuned_${t}`;
      list.push({ name, kind, seed: t + 1, steps: STEPS, tuning });
    }
  });
  return list;
}

async function record(oracle: Oracle, directory: string): Promise<void> {
  const parts: string[] = [];
  for (const run of await runs(oracle.geometry)) {
    const made = run.given ?? generate(run.kind, run.seed, run.steps);
    const trace = oracle.geometry === "armhf" ? forQemu(made) : made;
    const file = `${directory}/trace.rep`;
    await Deno.writeTextFile(file, trace);
    const output = await oracle.run(file, run.tuning, ["-s", "100"]);
    const { name, kind, seed, steps } = run;
    parts.push(["##", name, kind, seed, steps, ...run.tuning].join(" ") + "\n");
    if (run.given !== undefined) parts.push(trace.replace(/^(?=.)/gm, ">"));
    parts.push(shorten(output));
  }
  await write(`real_${oracle.geometry}.gz`, parts);
}

async function write(name: string, parts: string[]): Promise<void> {
  const url = new URL(name, FIXTURES);
  const gzip = new CompressionStream("gzip");
  const stream = new Blob(parts).stream().pipeThrough(gzip);
  await Deno.writeFile(url, stream);
  console.log(`${url.pathname}: ${(await Deno.stat(url)).size} bytes`);
}

async function recordVersions(
  folder: string,
  directory: string,
): Promise<void> {
  const threads = await buildThreadOracle(directory);
  if ("why" in threads) throw new Error(threads.why);
  const parts: string[] = [];
  const edge = new URL("edge_versions/", FIXTURES);
  const files = [...Deno.readDirSync(edge)].map(({ name }) => name).sort();
  for (const file of files) {
    const given = await Deno.readTextFile(new URL(file, edge));
    const [name, ...tuning] = file.replace(".rep", "").split(".");
    const threaded = /^T/m.test(given);
    let kind = "given";
    for (const version of Object.keys(VERSIONS) as VersionName[]) {
      // What runs threads is linked with this machine's library.
      if (threaded && version === "2.31") continue;
      const oracle = await versionOracle(
        { folder, version, geometry: "x86_64" },
        threaded ? [`${directory}/replay_threads`, "-a"] : undefined,
      );
      if ("why" in oracle) throw new Error(oracle.why);
      const path = new URL(file, edge).pathname;
      const output = await oracle.run(path, tuning, ["-s", "10"]);
      const run = [name, kind, 0, 0, `version=${version}`, ...tuning];
      parts.push(`## ${run.join(" ")}\n`);
      if (kind === "given") parts.push(given.replace(/^(?=.)/gm, ">"));
      parts.push(shorten(output));
      kind = "same";
    }
  }
  await write("edges_x86_64.gz", parts);
}

/** Without what is not compared: distances, resident pages, faults. */
function shorten(output: string): string {
  return output.replace(/^(\d+ [MX] \w+ \d+) .*$/gm, "$1")
    .replace(/^(S.*) \d+ \d+$/gm, "$1");
}

const directory = await Deno.makeTempDir();
const [what, folder] = Deno.args;
if (what === "versions") await recordVersions(folder!, directory);
else {
  for (
    const geometry of Deno.args.length ? Deno.args : ["x86_64", "i386", "armhf"]
  ) {
    const oracle = await buildOracle(geometry as GeometryName, directory);
    if ("why" in oracle) console.log(`SKIPPED ${geometry}: ${oracle.why}`);
    else await record(oracle, directory);
  }
}
await Deno.remove(directory, { recursive: true });
