/**
 * The recorded table has what the experiments ask of it.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { MODELS, REAL } from "../../experiments/questions/real/subjects.ts";
import { read } from "../../experiments/measures/csv.ts";
import {
  REAL_TABLE,
  SIDE_BY_SIDE,
} from "../../experiments/workloads/side_by_side.ts";

const PATH = new URL(`../../data/${REAL_TABLE}`, import.meta.url);
const granted =
  Deno.permissions.querySync({ name: "read", path: PATH }).state === "granted";

Deno.test({
  name: "every real allocator has a row for every workload",
  ignore: !granted,
  fn() {
    const { names, rows } = read(Deno.readTextFileSync(PATH));
    const at = (name: string) => names.indexOf(name);
    assertEquals(
      rows.map((row) => [row[at("workload")], row[at("allocator")]]),
      SIDE_BY_SIDE.flatMap((workload) => REAL.map((who) => [workload, who])),
    );
    for (const row of rows) {
      const of = (name: string) => Number(row[at(name)]);
      assert(of("mean_per_live") >= 1 && of("peak_bytes") >= of("end_bytes"));
      assert(of("idle_bytes") <= of("freed_bytes"));
    }
    for (const real of Object.keys(MODELS)) assert(REAL.includes(real), real);
  },
});

if (!granted) console.log("table_test: skipped, needs --allow-read");
