/**
 * Recorded C++ programs that fill and empty a container of a million elements,
 * and the same programs over the models: every figure of malloc's, the calls
 * of operator new and delete, and the resident memory at every phase.
 *
 * The resident memory of the recordings includes the program's own pages, of
 * which some are first used after the start: up to 300 KiB, mostly in steps of
 * 64 KiB as the kernel maps files. From the second phase on they stay the same.
 *
 * @module
 */
import { AddressSpace } from "../../../allocators/os/address_space.ts";
import { Pool } from "../../../allocators/stl/pool.ts";
import { programSessions } from "../../../experiments/replay/client_sessions.ts";
import { lazyTrace } from "../../../experiments/workloads/workload.ts";
import {
  type Ending,
  type ProgramOptions,
  runProgram,
} from "../../../experiments/workloads/containers/program.ts";
import phases from "../../fixtures/stl/phases_1M.txt" with { type: "text" };
import { CountingMalloc, Xorshift64 } from "./counting_malloc.ts";

/** Containers by the names of the recordings. */
const CONTAINERS: Record<
  string,
  Pick<ProgramOptions, "kind" | "key" | "value">
> = {
  map: { kind: "map", key: "int", value: "int" },
  smap: { kind: "map", key: "long_string", value: "long_string" },
  list: { kind: "list", key: "int", value: "int" },
  umap: { kind: "unordered_map", key: "int", value: "int" },
  vector: { kind: "vector", key: "int", value: "int" },
  deque: { kind: "deque", key: "int", value: "int" },
};

const ENDINGS: Record<string, Ending> = {
  "": "clear",
  pin: "pinned_clear",
  half: "half_erase",
  erase: "erase",
  rerase: "reverse_erase",
};

/** What a run came to. */
export interface Run {
  /** malloc's figures at each phase. */
  figures: string[];
  /** Resident KiB at each phase. */
  resident: number[];
}

/** Runs the recorded program. */
async function run(pooled: boolean, options: ProgramOptions): Promise<Run> {
  const source = new AddressSpace();
  const start = source.break;
  const malloc = new CountingMalloc({}, source);
  const heap = pooled ? new Pool(malloc, source) : malloc;
  const { sessions } = programSessions(heap, source, "first");
  const trace = lazyTrace(
    "program",
    (trace) => runProgram(options, new Xorshift64(), trace),
  );
  const figures: string[] = [];
  const resident: number[] = [];
  await sessions.replay(trace, () => {
    const m = malloc.mallinfo();
    resident.push(source.residentBytes / 1024);
    figures.push(
      `arena=${m.arena} uordblks=${m.uordblks} fordblks=${m.fordblks} ` +
        `keepcost=${m.keepcost} fsmblks=${m.fsmblks} hblkhd=${m.hblkhd} ` +
        `hblks=${m.hblks} ordblks=${m.ordblks} brk=+${source.break - start} ` +
        // before main: one malloc that is no operator new, and stdio's two
        `new=${malloc.news - 3} delete=${malloc.deletes - 2} ` +
        `newbytes=${malloc.newBytes - 72_704 - 472 - 1024}`,
    );
  });
  return { figures, resident };
}

/** A recording: who ran, and what it came to. */
export interface Recording {
  /** Allocator, container and pattern. */
  name: string;
  recorded: Run;
  /** Runs the models. */
  simulate(): Promise<Run>;
}

/** All recordings. */
export const RECORDINGS: readonly Recording[] = phases.trim().split("\n\n").map(
  (section) => {
    const [head, ...lines] = section.split("\n");
    const [, allocator, container, pattern, count] =
      /alloc=(\w+) container=(\w+) pattern=(\w+) n=(\d+)/.exec(head!)!;
    const [order, ending = ""] = pattern!.split("_");
    const options: ProgramOptions = {
      ...CONTAINERS[container!]!,
      word: 8,
      elements: Number(count),
      order: order === "rand" ? "random" : "ascending",
      ending: ENDINGS[ending]!,
      trim: true,
    };
    return {
      name: `${allocator} ${container} ${pattern}`,
      recorded: {
        figures: lines.map((line) => line.replace(/.*rss_kb=\d+ /, "")),
        resident: lines.map((line) => Number(/rss_kb=(\d+)/.exec(line)![1])),
      },
      simulate: () => run(allocator === "pool", options),
    };
  },
);

/**
 * KiB of the program's own pages at each phase but the first: the recorded
 * growth since the start less that of the models.
 */
export function ownPages(recorded: Run, simulated: Run): number[] {
  const growth = ({ resident }: Run) =>
    resident.map((kib) => kib - resident[0]!);
  const model = growth(simulated);
  return growth(recorded).map((kib, i) => kib - model[i]!).slice(1);
}
