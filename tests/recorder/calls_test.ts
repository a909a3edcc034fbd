/**
 * What the recorder makes of every call, and that it changes none.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { ROOT, withFolder } from "../runner/lab.ts";
import { mayNotRun, testWith } from "../skipped.ts";
import { recorder } from "./recorded.ts";
import { answersOf, isKnown } from "./simulated.ts";

/** The trace of calls.c, without sites, times and residency. */
const CALLS = `p begin
a 0 100
c 1 35
r 2 30
r 2 4000
r 2 5000
m 3 64 65
m 4 32 64
m 5 4096 10
m 6 4096 11
m 7 4096 4096
# refused: a of ${2 ** 63} bytes
# refused: c of ${2 ** 64} bytes
# refused: r of ${2 ** 63} bytes
o -2 65536
k 4096
t 1000
f -1
f 0
r 1 0
p two?lines
f 2
f 3
f 4
f 5
f 6
f 7
`;

const here = mayNotRun("unshare") ?? await recorder();

testWith(
  here,
  "every function is an operation",
  ({ build, record }) =>
    withFolder(async (folder) => {
      const program = await build(folder, "calls.c");
      const run = await record(folder, [program]);
      assertEquals(run.code, 7, run.err);
      const text = run.traces.get("t.rep.gz")!;
      assertMatch(text, /^# process \d+: \/tmp\/.*\/calls\n/);
      assertEquals(
        text.replace(/^(# process|[NRS]) .*\n/gm, "")
          .replace(/ s\d+$/gm, ""),
        CALLS,
      );
      // The line of each call, in order.
      const lines = [...text.matchAll(/^S \d+ main \(calls\.c:(\d+)\) < /gm)]
        .map((match) => Number(match[1]));
      assertEquals(lines, [...lines].sort((a, b) => a - b));
      assertEquals(lines.length, 12);
      const version = run.out.trim();
      if (isKnown(version)) {
        assertEquals(run.answers, await answersOf(text, version));
      }
    }),
);

testWith(here, "a program gets the addresses that it gets alone", (
  { build, record },
) =>
  withFolder(async (folder) => {
    const program = await build(folder, "own_addresses.c");
    // It does no more here than to run a program, which not all may.
    const run = new Deno.Command("unshare", { args: [program] });
    const { stdout } = await run.output();
    const alone = new TextDecoder().decode(stdout);
    for (const depth of ["0", "4"]) {
      const options = ["--depth", depth];
      const { out } = await record(folder, [program], { options });
      assertEquals(out === alone, true);
    }
    assertEquals(alone.split("\n").length > 40_000, true);
  }));

testWith(here, "the recorder compiles without a warning", async () => {
  const source = `${ROOT}experiments/recorder/preload/recorder.c`;
  const flags = ["-O2", "-Wall", "-Wextra", "-Wshadow", "-Werror"];
  const { success, stderr } = await new Deno.Command("cc", {
    args: [...flags, "-fsyntax-only", source],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
});
