/**
 * Records fixtures/musl.gz: where the real musl puts the blocks of generated
 * traces, each of which shows a rule that the other runs do not. Give it the
 * folder that musl.sh has filled:
 *
 *     deno run -A tests/oracle/record_musl.ts data/musl
 *
 * Runs follow each other in the file, each behind a line of `=`, its kind, seed,
 * steps, how the program is linked and what it writes; folders are left out of
 * the names of mappings.
 *
 * @module
 */
import { generateForMusl } from "./generate_musl.ts";
import { type MuslRun, placesOf } from "./musl.ts";

/** Operations between two looks at resident pages. */
const EVERY = 20;

const RUNS: readonly [
  kind: string,
  seed: number,
  steps: number,
  build: MuslRun["build"],
  fill: MuslRun["fill"],
][] = [
  ["big_realloc", 51, 200, "dyn", "all"],
  ["big_realloc", 52, 850, "static", "none"],
  ["bouncing", 6, 2500, "static", "none"],
  ["lone", 1, 422, "static", "none"],
  ["mixed", 51, 60, "static", "all"],
  ["power", 51, 600, "static", "all"],
  ["uniform", 50, 1100, "static", "all"],
];

const [folder] = Deno.args;
const file = await Deno.makeTempFile({ suffix: ".rep" });
let text = "";
for (const [kind, seed, steps, build, fill] of RUNS) {
  await Deno.writeTextFile(file, generateForMusl(kind, seed, steps));
  const output = await placesOf(folder!, { build, fill }, file, EVERY);
  if (output === undefined) throw new Error(`No musl in ${folder}`);
  const plain = output.replace(/ \/\S*\/(\S+)$/gm, " $1");
  text += `= ${kind} ${seed} ${steps} ${build} ${fill}\n${plain}`;
}
await Deno.remove(file);
await Deno.writeFile(
  new URL("fixtures/musl.gz", import.meta.url),
  new Blob([text]).stream().pipeThrough(new CompressionStream("gzip")),
);
