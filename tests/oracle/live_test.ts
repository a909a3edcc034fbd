/**
 * Random traces against the real malloc of this machine: a short slice of the
 * proof in `proof.ts`, where a C compiler may be run.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { mayNotRun, testWith } from "../skipped.ts";
import { mismatch } from "./fixtures.ts";
import { generate, KINDS } from "./generate.ts";
import {
  BITS,
  buildOracle,
  type GeometryName,
} from "../../experiments/real/glibc.ts";
import { TUNINGS } from "./tunings.ts";
import { parseRep } from "./rep.ts";

/** No recorded run has these seeds. */
const SEED = 20_000;
const BUILD = new URL("./build/", import.meta.url).pathname;

for (const geometry of ["x86_64", "i386"] as GeometryName[]) {
  testWith(
    mayNotRun("cc", `${BUILD}replay_${geometry}`) ??
      await buildOracle(geometry, BUILD),
    `random traces agree with the real malloc: ${geometry}`,
    async (oracle) => {
      const file = `${BUILD}live_${geometry}.rep`;
      for (const [k, kind] of Object.keys(KINDS).entries()) {
        const text = generate(kind, SEED + k, 3000);
        await Deno.writeTextFile(file, text);
        const tuning = TUNINGS[k % TUNINGS.length]!;
        const output = await oracle.run(file, tuning, ["-s", "100"]);
        const name = `${kind} ${SEED + k} ${tuning.join(":")}`;
        const rep = parseRep(text, BITS[geometry]);
        const run = { name, geometry, tuning, rep, output };
        assertEquals(mismatch(run), undefined, name);
      }
    },
  );
}
