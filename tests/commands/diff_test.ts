import { assertEquals, assertMatch } from "@std/assert";
import { lab, ok, processTest } from "../runner/lab.ts";

processTest(
  "two folders of results are compared, and a limit fails the gate",
  async (folder) => {
    const how = { cwd: folder };
    const run = async (live: number, out: string) =>
      await ok(
        `experiments churning --set live=${live} --out ${out}`.split(" "),
        how,
      );
    await run(50, "before");
    await run(200, "after");
    const words = ["diff", "before", "after"];
    const apart = await lab(words, how);
    assertEquals(apart.code, 1);
    assertMatch(
      apart.err,
      /^before and after have no cell in common \(--ignore/,
    );
    const paired = [...words, "--ignore", "live"];
    const plain = await ok(paired, how);
    assertMatch(
      plain.out,
      /^\d+ pairs of cells: \d+ of \d+ measures are equal/,
    );
    assertMatch(plain.out, /\+\d+\.\d\d %.* peak_footprint_bytes +churning /);
    const gate = ["--fail-if", "peak_footprint>+5%"];
    const failed = await lab([...paired, ...gate], how);
    assertEquals(failed.code, 1);
    assertEquals(failed.out, plain.out);
    assertMatch(
      failed.err,
      /^peak_footprint>\+5%: peak_footprint_bytes of churning \S+.* went from .* \(\+/m,
    );
    const back = ["diff", "after", "before", "--ignore", "live", ...gate];
    assertEquals((await lab(back, how)).code, 0);
    const same = await ok(["diff", "after", "after", ...gate], how);
    assertMatch(same.out, /, 0 differ\n$/);
    const table = await ok([...paired, "--csv"], how);
    assertMatch(table.out, /^experiment,allocator,parameters,measure,pairs,/);

    Deno.writeTextFileSync(`${folder}/a.rep`, "a 0 100000\na 1 24\nf 0\n");
    Deno.writeTextFileSync(`${folder}/b.rep`, "a 0 120000\na 1 24\nf 0\n");
    const traces = await lab(["diff", "a.rep", "b.rep", ...gate], how);
    assertEquals(traces.code, 0); // both fit into what glibc asks first
    const requested = ["--fail-if", "peak_requested>19999"];
    const grown = await lab(["diff", "a.rep", "b.rep", ...requested], how);
    assertEquals(grown.code, 1);
    assertMatch(grown.err, /^peak_requested>19999: .*\(\+20\.00 %\)$/m);

    const says = async (line: string, code: number, text: RegExp) => {
      const ended = await lab(line.split(" "), how);
      assertMatch(ended.err, text, line);
      assertEquals([ended.code, ended.err.split("\n").length], [code, 2], line);
    };
    await says(
      "diff before",
      2,
      /^diff expects two folders of results, or two/,
    );
    await says("diff before a.rep", 1, /^before and a\.rep: one is a folder /);
    await says(
      "diff before nowhere",
      1,
      /^before and nowhere: one is a folder /,
    );
    await says("diff a.rep nowhere", 1, /^Cannot read nowhere: there is no/);
    await says(
      "diff before after --fail-if x",
      2,
      /^--fail-if expects a limit /,
    );
    await says(
      "diff after after --fail-if peek>1",
      2,
      /^Unknown measure "peek": known are .*peak_footprint_bytes/,
    );
    await says(
      "diff after after --fail-if peak_footprnt>1 --fail-if falures>0",
      2,
      /^Unknown measure "peak_footprnt": did you mean peak_footprint\? Unknown measure "falures": did you mean failures\?$/m,
    );
    await says(
      "diff before after --ignore live --ignore lve --ignore stps",
      2,
      /^Unknown parameter "lve": did you mean live\? Unknown parameter "stps": did you mean steps\?$/m,
    );
    await says(
      "diff a.rep b.rep --ignore live",
      2,
      /^--ignore goes with folders, not with traces$/m,
    );
    await says(
      "diff after after --allocator tlsf",
      2,
      /^--allocator goes with traces, not with folders/,
    );
    await says("diff . after", 1, /^No results in .*: run some experiments/);
  },
);
