/**
 * Programs recorded on this machine: the simulated malloc answers as theirs
 * did, request by request, and pages are resident where theirs were.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { withFolder } from "../runner/lab.ts";
import { testWith } from "../skipped.ts";
import { recorder } from "./recorded.ts";
import { answersOf, isKnown, residentIn, residentOf } from "./simulated.ts";

const PAGE = 4096;
/** Pages by which resident memory may differ, or a hundredth. */
const PAGES = 8;

/** Program, a site that it has, and marks at which residency is compared. */
const PROGRAMS: [source: string, site: RegExp, marks: string[]][] = [
  ["cleared_map.cpp", / < main \(cleared_map\.cpp:10\)/, ["filled", "cleared"]],
  [
    "grown_vector.cpp",
    / < main \(grown_vector\.cpp:11\)/,
    ["numbers", "words", "shrunk"],
  ],
  [
    "pinned_cache.c",
    /^S \d+ remember \(pinned_cache\.c:12\) < main \(pinned_cache\.c:23\)/m,
    ["peak", "freed"],
  ],
  ["producer.cpp", / < produce \(producer\.cpp:20\) < /, []],
  ["threads.cpp", / < work \(threads\.cpp:16\) < /, []],
  [
    "parser.c",
    /^S \d+ new_node \(parser\.c:22\) < parse \(parser\.c:34\)/m,
    ["parsed", "one dropped", "dropped"],
  ],
];

/** Lines that tell where segments lie: the loader chose that. */
const comparable = (lines: readonly string[]) =>
  lines.filter((line) => !line.startsWith("h "));

const here = await recorder();

for (const [source, site, marks] of PROGRAMS) {
  testWith(
    here,
    `${source}: addresses and residency are simulated as recorded`,
    ({ build, record }) =>
      withFolder(async (folder) => {
        const options = ["--depth", "12"];
        const program = await build(folder, source);
        const run = await record(folder, [program], { options });
        assertEquals(run.code, 0, run.err);
        assertEquals([...run.traces.keys()], ["t.rep.gz"]);
        const text = run.traces.get("t.rep.gz")!;
        const version = run.out.trim();
        assert(site.test(text), `${site}`);
        assert(!text.includes("incomplete"));
        if (!isKnown(version)) {
          console.log(`SKIPPED addresses of ${source}: glibc ${version}`);
          return;
        }
        const simulated = comparable(await answersOf(text, version));
        assert(run.answers.length > 100);
        assertEquals(
          comparable(run.answers).findIndex((line, i) => line !== simulated[i]),
          -1,
        );
        assertEquals(comparable(run.answers).length, simulated.length);
        const [recorded, resident] = [
          residentIn(text),
          await residentOf(text, version),
        ];
        for (const mark of marks) {
          const real = recorded.get(mark)! - recorded.get("begin")!;
          const own = resident.get(mark)! - resident.get("begin")!;
          const within = Math.max(PAGES * PAGE, real / 100);
          const what = `${source}, ${mark}: ${real}, simulated ${own}`;
          assert(Math.abs(real - own) <= within, what);
        }
      }),
  );
}
