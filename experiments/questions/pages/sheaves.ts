/**
 * What sheaves keep after a burst: the requests that a kernel recorded of its
 * inodes of files in memory, while 1,500 were made and all but every 20th
 * deleted, 700 made and deleted, the rest deleted, 300 made and deleted.
 *
 * The cache begins as it was: 411 objects in as few slabs as they need, one for
 * the folder. The recorded kernels, 6.12 and 7.2, are the witnesses.
 *
 * @module
 */
import { LinuxBuddy } from "../../../allocators/buddy/linux.ts";
import { MigrateType } from "../../../allocators/buddy/linux_area.ts";
import { KmemCache } from "../../../allocators/slab/kmem_cache.ts";
import { slubGeometry } from "../../../allocators/slab/slub.ts";
import { CACHE_VERSIONS } from "../../../allocators/slab/versions.ts";
import { atLeast, exactly, mean, quotient } from "../../experiment/claims.ts";
import {
  type Claim,
  type Experiment,
  NO_ALLOCATOR,
} from "../../experiment/experiment.ts";
import { count } from "../../measures/columns.ts";
import { openTrace } from "../../traces/open_trace.ts";
import { Op } from "../../traces/trace.ts";

const TRACE = "traces/shmem_inodes_7.2.txt.gz";
const PAGES = 2 ** 14;
/** Objects of the cache before the recording. */
const BEFORE = 411;
/** Bytes of such an inode: its size differs, the requests do not. */
const OBJECT = { "6.1": 776, "6.12": 752, "7.2": 688 } as const;
/** Requests up to the end of each step. */
const STEPS: readonly [end: number, step: string][] = [
  [0, "before"],
  [1500, "created 1,500"],
  [2925, "kept each 20th"],
  [3625, "created 700"],
  [4325, "deleted 700"],
  [4401, "deleted all"],
  [4702, "created 300"],
  [5003, "deleted 300"],
];
/** The step in which the folder goes, last of all. */
const FOLDER = 4401;

/** What a recorded kernel's /proc/slabinfo or sysfs showed. */
function recorded(
  id: string,
  version: keyof typeof OBJECT,
  measure: string,
  expected: number,
  statement: string,
): Claim {
  return {
    id: `sheaves-${id}`,
    statement: `Linux ${version}: ${statement}`,
    source: `recorded in Linux ${version}, 1 CPU, shmem_inode_cache`,
    measured: mean(measure, { version }),
    expected: exactly(expected),
  };
}

/** The declaration. */
export const sheaves: Experiment = {
  name: "sheaves",
  question: "What does a kernel with sheaves keep after a burst?",
  claims: [
    recorded(
      "slabs",
      "7.2",
      "burst_slabs",
      67,
      "after 2,200 files have come and gone 67 slabs stay.",
    ),
    recorded(
      "slabs-before",
      "6.12",
      "burst_slabs",
      27,
      "after 2,200 files have come and gone 27 slabs stay.",
    ),
    recorded(
      "active",
      "7.2",
      "burst_active",
      747,
      "/proc/slabinfo then shows 747 active objects; 411 are live.",
    ),
    recorded(
      "active-before",
      "6.12",
      "burst_active",
      495,
      "/proc/slabinfo then shows 495 active objects; 411 are live.",
    ),
    {
      id: "sheaves-bound",
      statement:
        "Those that are active and not live fill the 10 sheaves of the barn " +
        "and two of the CPU: 12 sheaves of 28.",
      source: "rules of Linux 7.2, mm/slub.c",
      measured: mean("phantom_objects", { version: "7.2" }),
      expected: exactly(12 * 28),
    },
    recorded(
      "shrunk",
      "7.2",
      "shrunk_slabs",
      20,
      "when the cache has been shrunk 20 slabs stay.",
    ),
    recorded(
      "shrunk-before",
      "6.12",
      "shrunk_slabs",
      21,
      "when the cache has been shrunk 21 slabs stay.",
    ),
    {
      id: "sheaves-cost",
      statement:
        "After a burst a cache of 7.2 holds at least twice the slabs of " +
        "the same cache of 6.12.",
      source: "recorded in Linux 6.12 and 7.2, 1 CPU, shmem_inode_cache",
      measured: quotient(
        mean("burst_slabs", { version: "7.2" }),
        mean("burst_slabs", { version: "6.12" }),
      ),
      expected: atLeast(2),
    },
  ],
  random: false,
  allocators: [NO_ALLOCATOR],
  parameters: {
    version: {
      summary: "the kernel whose rules are followed",
      values: { default: ["6.1", "6.12", "7.2"] },
    },
  },
  columns: [
    count("step_slabs", "slab", "Slabs held at the end of the step."),
    count("partial_slabs", "slab", "Of these, on the node's partial list."),
    count(
      "active_objects",
      "object",
      "Objects that /proc/slabinfo calls active.",
    ),
    count("live_objects", "object", "Objects in use."),
    count("burst_slabs", "slab", "Slabs when all files have been deleted."),
    count("burst_active", "object", "Active objects at that time."),
    count("phantom_objects", "object", "Of these, those that are not in use."),
    count("shrunk_slabs", "slab", "Slabs after kmem_cache_shrink."),
  ],
  headline: ["burst_slabs", "burst_active", "phantom_objects", "shrunk_slabs"],
  async run(cell) {
    const version = cell.choice("version", CACHE_VERSIONS);
    const zone = new LinuxBuddy({ pages: PAGES, type: MigrateType.UNMOVABLE });
    const spec = { objectSize: OBJECT[version], ctor: true };
    const cache = new KmemCache(zone, slubGeometry(spec, 1, version));
    const objects = new Map<number, number>();
    const steps = [...STEPS];
    const rows: Record<string, string | number>[] = [];
    for (let i = 0; i < BEFORE; i++) cache.alloc();
    cache.shrink();
    const folder = cache.alloc();
    let done = 0;
    const ended = () => {
      if (done + 1 === FOLDER) { // it was made before the recording
        cache.free(folder);
        done++;
      }
      if (done !== steps[0]?.[0]) return;
      const { slabs, node, active } = cache.census();
      rows.push({
        phase: steps.shift()![1],
        step_slabs: slabs,
        partial_slabs: node,
        active_objects: active,
        live_objects: cache.live,
      });
    };
    ended();
    const trace = await cell.trace(
      TRACE,
      () => openTrace(TRACE, () => cell.data(TRACE)),
    );
    for await (const { op, slot, length } of trace.blocks()) {
      for (let i = 0; i < length; i++) {
        if (op[i] === Op.MALLOC) objects.set(slot[i]!, cache.alloc());
        else if (op[i] === Op.FREE) cache.free(objects.get(slot[i]!)!);
        else continue;
        done++;
        ended();
      }
    }
    const burst = rows.find(({ phase }) => phase === "deleted all")!;
    cache.alloc(); // as a file that was made before the cache was shrunk
    cache.shrink();
    return {
      workload: TRACE,
      samples: [],
      tables: { steps: rows },
      measures: {
        burst_slabs: Number(burst.step_slabs),
        burst_active: Number(burst.active_objects),
        phantom_objects: Number(burst.active_objects) -
          Number(burst.live_objects),
        shrunk_slabs: cache.slabs,
      },
    };
  },
  figures: [{
    title: "Slabs of a cache of inodes along a burst, by kernel.",
    table: "steps",
    x: "phase",
    y: "step_slabs",
    series: "version",
    mark: "bar",
  }],
};
