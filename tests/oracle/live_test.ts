/**
 * Random traces against the real malloc of this machine: a short slice of the
 * proof in `proof.ts`, where a C compiler may be run.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { mismatch } from "./fixtures.ts";
import { generate, KINDS } from "./generate.ts";
import { BITS, buildOracle, type GeometryName, TUNINGS } from "./oracle.ts";
import { parseRep } from "./rep.ts";

const permitted = async (name: "run" | "write", what: string) => {
  const query = name === "run"
    ? { name, command: what } as const
    : { name, path: what } as const;
  return (await Deno.permissions.query(query)).state === "granted";
};
const allowed = await permitted("run", "cc") &&
  await permitted("write", "/tmp");

for (const geometry of ["x86_64", "i386"] as GeometryName[]) {
  Deno.test({
    name: `random traces agree with the real malloc: ${geometry}`,
    ignore: !allowed,
    async fn() {
      const directory = await Deno.makeTempDir({ dir: "/tmp" });
      try {
        const oracle = await buildOracle(geometry, directory);
        if (!oracle) {
          console.warn(`SKIPPED ${geometry}: its replayer cannot be built`);
          return;
        }
        const seed = 1 + Math.floor(Math.random() * 2 ** 30);
        for (const [k, kind] of Object.keys(KINDS).entries()) {
          const file = `${directory}/trace.rep`;
          const text = generate(kind, seed + k, 3000);
          await Deno.writeTextFile(file, text);
          const tuning = TUNINGS[(seed + k) % TUNINGS.length]!;
          const output = await oracle.run(file, tuning, ["-s", "100"]);
          const name = `${kind} ${seed + k} ${tuning.join(":")}`;
          const rep = parseRep(text, BITS[geometry]);
          const run = { name, geometry, tuning, rep, output };
          assertEquals(mismatch(run), undefined, name);
        }
      } finally {
        await Deno.remove(directory, { recursive: true });
      }
    },
  });
}
