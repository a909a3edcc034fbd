/**
 * Programs recorded on this machine: the simulated malloc answers as theirs
 * did, request by request, pages are resident where theirs were, and `why`
 * names the line whose block keeps most.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { withFolder } from "../runner/lab.ts";
import { testWith } from "../skipped.ts";
import { recorder } from "./recorded.ts";
import {
  answersOf,
  isKnown,
  residentIn,
  residentOf,
  whyAt,
} from "./simulated.ts";

const PAGE = 4096;
/** Pages by which resident memory may differ, or a hundredth. */
const PAGES = 8;

/** A program, and what is known of it. */
interface Program {
  source: string;
  /** A site that it has. */
  site: RegExp;
  /** Marks at which residency is compared. */
  marks: string[];
  /** Where the block comes from that keeps most at a mark; none lies above. */
  pinned?: { at: string; by: RegExp | undefined };
}

const PROGRAMS: Program[] = [
  {
    source: "cleared_map.cpp",
    site: / < main \(cleared_map\.cpp:10\)/,
    marks: ["filled", "cleared"],
    pinned: { at: "cleared", by: undefined },
  },
  {
    source: "grown_vector.cpp",
    site: / < main \(grown_vector\.cpp:11\)/,
    marks: ["numbers", "words", "shrunk"],
    pinned: { at: "shrunk", by: / < main \(grown_vector\.cpp:14\)/ },
  },
  {
    source: "pinned_cache.c",
    site:
      /^S \d+ remember \(pinned_cache\.c:12\) < main \(pinned_cache\.c:23\)/m,
    marks: ["peak", "freed"],
    pinned: { at: "freed", by: /^remember \(.*:12\) < main \(.*:23\)/ },
  },
  {
    source: "producer.cpp",
    site: / < produce \(producer\.cpp:20\) < /,
    marks: ["joined"],
    pinned: { at: "joined", by: / < produce \(producer\.cpp:\d+\) < / },
  },
  {
    source: "threads.cpp",
    site: / < work \(threads\.cpp:16\) < /,
    marks: [],
  },
  {
    source: "parser.c",
    site: /^S \d+ new_node \(parser\.c:22\) < parse \(parser\.c:34\)/m,
    marks: ["parsed", "one dropped", "dropped"],
    pinned: {
      at: "one dropped", // the other document
      by: /^new_node \(.*:22\) < parse \(.*:34\) < main \(.*:78\)/,
    },
  },
];

/** Lines that tell where segments lie: the loader chose that. */
const comparable = (lines: readonly string[]) =>
  lines.filter((line) => !line.startsWith("h "));

const here = await recorder();

for (const { source, site, marks, pinned } of PROGRAMS) {
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
        if (!pinned) return;
        const { holders } = await whyAt(text, version, pinned.at);
        const [most] = holders.named;
        if (pinned.by) assertMatch(most!.pin!.site, pinned.by);
        else assertEquals(most!.above, "nothing");
      }),
  );
}
