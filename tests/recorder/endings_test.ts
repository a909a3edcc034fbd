/**
 * Recordings of processes that end in every way, fork, or run another program.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { withFolder } from "../runner/lab.ts";
import { testWith } from "../skipped.ts";
import { recorder, textOf } from "./recorded.ts";

/** Requests that every ending comes after. */
const BEFORE = 12345;

/** Requests in the trace. */
const requests = (text: string) => text.match(/^a /gm)?.length;

/** How it ends, the exit code, requests in each trace, and whether those end early. */
const ENDINGS: [how: string, code: number, requests: number[], cut: boolean][] =
  [
    ["returns", 4, [BEFORE], false],
    ["_exit", 9, [BEFORE], false],
    ["kill", 137, [BEFORE], true],
    ["abort", 134, [BEFORE], true],
    ["fork", 4, [BEFORE + 3, BEFORE + 17], false],
    ["exec", 4, [BEFORE, BEFORE], false],
    ["own handler", 4, [BEFORE], false],
  ];

const here = await recorder();

testWith(
  here,
  "nothing is lost, however a process ends",
  ({ build, record }) =>
    withFolder(async (folder) => {
      const program = await build(folder, "endings.c");
      for (const [how, code, counts, cut] of ENDINGS) {
        const inner = `${folder}/${how.replace(" ", "_")}`;
        Deno.mkdirSync(inner);
        const run = await record(inner, [program, how]);
        assertEquals(run.code, code, `${how}: ${run.err}`);
        const names = counts.map((_, k) =>
          k === 0 ? "t.rep.gz" : `t.${k + 1}.rep.gz`
        );
        assertEquals([...run.traces.keys()].sort(), names.sort(), how);
        const texts = ["t.rep.gz", "t.2.rep.gz"]
          .flatMap((name) => run.traces.get(name) ?? []);
        assertEquals(texts.map(requests), counts, how);
        for (const text of texts) {
          assertEquals(/^# incomplete: /m.test(text), cut, how);
        }
        for (const name of names) assert(run.err.includes(`/${name}: `), how);
      }
    }),
);

testWith(
  here,
  "what a killed recorder leaves becomes a trace",
  ({ build, record, recover }) =>
    withFolder(async (folder) => {
      const program = await build(folder, "endings.c");
      const killed = await record(folder, [program, "orphan"]);
      assertEquals(killed.traces.size, 0, killed.err);
      const written = new RegExp(
        `^(.*): (\\d+) operations .*, ${program}$`,
        "m",
      );
      let told: RegExpExecArray | null = null;
      for (let tries = 0; !told && tries < 20; tries++) { // it may still run
        told = written.exec(await recover());
      }
      const text = await textOf(told![1]!);
      Deno.removeSync(told![1]!);
      assertEquals(requests(text), BEFORE + 5);
      assertEquals(told![2], `${BEFORE + 5}`);
      assertEquals((await recover()).includes(program), false);
    }),
);

testWith(
  here,
  "SIGUSR1 marks a phase, with what was resident",
  ({ build, record }) =>
    withFolder(async (folder) => {
      const program = await build(folder, "endings.c");
      const { traces, code } = await record(folder, [program, "signal"]);
      assertEquals(code, 4);
      const lines = traces.get("t.rep.gz")!
        .replace(/^[NS] .*\n/gm, "").replace(/ s\d+$/gm, "")
        .replace(/^R \d+$/gm, "R");
      const end =
        "R\np SIGUSR1 1\na 12345 1000\na 12346 1001\nR\np SIGUSR1 2\nR\n";
      assertEquals(lines.slice(-end.length), end);
    }),
);
