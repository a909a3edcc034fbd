/**
 * Records fixtures/jemalloc.gz: where the real jemalloc puts the blocks of some
 * traces. Give it the folder that jemalloc.sh has filled:
 *
 *     deno run -A tests/oracle/record_jemalloc.ts data/jemalloc
 *
 * Runs follow each other in the file, each behind a line of `=`, its kind, seed,
 * steps and allocator; folders are left out of the names of libraries.
 *
 * @module
 */
import { generateFor } from "./generate_jemalloc.ts";
import { JEMALLOC_MODES, placesOf } from "./jemalloc.ts";

const OFF_530 = "jemalloc:version=5.3.0:decay=off:clock=1000";
const OLD_531 = "jemalloc:version=5.3.1:decay=off:gc=old:clock=1000";
const OFF_531 = "jemalloc:version=5.3.1:decay=off:clock=1000000";
const FAST_530 = "jemalloc:version=5.3.0:clock=100000";
const FAST_531 = "jemalloc:version=5.3.1:clock=100000";
const CLOCK_530 = "jemalloc:version=5.3.0:clock=1000000";
const CLOCK_531 = "jemalloc:version=5.3.1:clock=1000000";
const SLOW_531 = "jemalloc:version=5.3.1:clock=20000000";

const RUNS: readonly [kind: string, seed: number, steps: number, string][] = [
  ["aligned", 1, 2500, OFF_530],
  ["aligned", 1, 1300, FAST_530],
  ["aligned", 2, 2500, CLOCK_531],
  ["big_realloc", 3, 600, CLOCK_531],
  ["bursts", 1, 60, FAST_531],
  ["cached", 1, 2500, OLD_531],
  ["cached", 2, 2500, CLOCK_531],
  ["growing", 1, 2500, CLOCK_530],
  ["growing", 2, 2500, SLOW_531],
  ["huge", 1, 400, CLOCK_530],
  ["many", 1, 4000, CLOCK_530],
  ["many", 2, 5000, CLOCK_531],
  ["mixed", 1, 2500, OFF_530],
  ["nothing", 1, 2000, CLOCK_531],
  ["oversize", 1, 1500, CLOCK_530],
  ["oversize", 2, 1500, FAST_531],
  ["power", 3, 700, SLOW_531],
  ["realloc", 1, 2500, FAST_531],
  ["slabs", 1, 6000, OLD_531],
  ["slabs", 2, 8000, FAST_530],
  ["slabs", 3, 8000, FAST_531],
  ["slabs", 4, 4000, OFF_531],
  ["waves", 6, 5000, FAST_530],
];

const [folder] = Deno.args;
const file = await Deno.makeTempFile({ suffix: ".rep" });
let text = "";
for (const [kind, seed, steps, spec] of RUNS) {
  const mode = JEMALLOC_MODES.find((mode) => mode.spec === spec)!;
  await Deno.writeTextFile(file, generateFor(kind, seed, steps));
  const output = await placesOf(folder!, mode, file);
  if (output === undefined) throw new Error(`No jemalloc in ${folder}`);
  const plain = output.replace(/ \/\S*\/(\S+)$/gm, " $1");
  text += `= ${kind} ${seed} ${steps} ${spec}\n${plain}`;
}
await Deno.remove(file);
await Deno.writeFile(
  new URL("fixtures/jemalloc.gz", import.meta.url),
  new Blob([text]).stream().pipeThrough(new CompressionStream("gzip")),
);
