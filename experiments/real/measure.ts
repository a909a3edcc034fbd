/**
 * Allocators side by side: the same requests in fresh processes, one after the
 * other in turns, so that what disturbs the machine disturbs all of them.
 *
 * Memory is measured with payload written, time without. A figure is the median
 * over repetitions, with its 95 % interval.
 *
 * @module
 */
import { type Middle, middle } from "../measures/statistics.ts";
import { type Instant, overLive } from "../replay/resident.ts";
import { Failure } from "../runner/failure.ts";
import { plural } from "../traces/plural.ts";
import type { MemoryRun, Process } from "./output.ts";
import type { Replayer } from "./replayer.ts";

/** Operations that one measurement of time has at least ... */
const OPERATIONS = 1_000_000;
/** ... unless that takes more than so many replays. */
const MOST_REPLAYS = 20;
/** Exact samples of a run. */
const EXACT = 100;
/** Runs that measure memory: it hardly varies. */
const MEMORY_RUNS = 3;

/** What an allocator makes of the requests. */
export interface Measured {
  /** How it is called: a name, or the spec of a model. */
  name: string;
  /** Whether it is simulated. */
  simulated: boolean;
  /** What it calls itself; undefined for a model. */
  version?: string;
  /** Most resident bytes over most live bytes. */
  peak: Middle;
  /** Mean resident bytes over mean live bytes, over all samples. */
  mean: Middle;
  /** Resident bytes at the end. */
  end: number;
  /** Resident bytes before the first operation, not counted above. */
  start?: number;
  /** Minor page faults; undefined where no page table is below the heap. */
  faults: number | undefined;
  /** Requests that were refused. */
  failures: number;
  /** Most bytes in huge pages. */
  huge?: number;
  /** As `peak`, with huge pages off; undefined if the machine has none. */
  peakWithoutHuge?: number;
  /** CPU nanoseconds per operation. */
  nanoseconds?: Middle;
  /** The same over those of the first allocator, pair by pair. */
  ratio?: Middle;
  /** How its program is linked with it, if there are two ways. */
  linked?: "static" | "dyn";
  /** A real one's address space before the first request, as `parseMaps` reads. */
  space?: string;
  /** Resident bytes over time, of one run. */
  curve: readonly Instant[];
}

/** A name that a real allocator and its model do not share. */
export function labelOf({ name, simulated }: Measured): string {
  return simulated ? `${name} (model)` : name;
}

/** How to measure. */
export interface Manner {
  /** The requests, a file. */
  file: string;
  /** How many they are. */
  operations: number;
  /** Operations between samples. */
  every: number;
  /** Measurements of time. */
  repetitions: number;
  /** Hears what is going on. */
  status(line: string): void;
}

/**
 * Measures all of `replayers`; what they say of their processes. `Failure` if
 * nothing is ever live.
 */
export async function measureAll(
  replayers: readonly Replayer[],
  manner: Manner,
): Promise<{ process: Process; measured: Measured[] }> {
  const { file, operations, every, repetitions, status } = manner;
  const exactly = Math.ceil(operations / EXACT);
  const runs: MemoryRun[][] = replayers.map(() => []);
  const turns = async (
    count: number,
    what: string,
    act: (one: Replayer, i: number) => Promise<void>,
  ) => {
    for (let turn = 0; turn < count; turn++) {
      // There and back, so that a drift of the machine is shared.
      const order = [...replayers.keys()];
      for (const i of turn % 2 === 0 ? order : order.reverse()) {
        status(`${what} ${turn + 1}/${count}: ${replayers[i]!.name}`);
        await act(replayers[i]!, i);
      }
    }
  };
  await turns(MEMORY_RUNS, "memory", async (one, i) => {
    runs[i]!.push(await one.memory(file, { every, exactly }));
  });
  const { process, curve } = runs[0]![0]!;
  if (curve.every(({ live }) => live === 0)) {
    throw new Failure(
      `Nothing is live at any sample; they are ${
        plural(every, "operation")
      } apart`,
    );
  }
  const small: (number | undefined)[] = replayers.map(() => undefined);
  if (process.hugePages !== "never") {
    await turns(1, "without huge pages", async (one, i) => {
      const run = await one.memory(file, { every, exactly, hugePages: false });
      small[i] = overLive(run.curve).peak;
    });
  }
  const times: number[][] = replayers.map(() => []);
  const replays = Math.min(MOST_REPLAYS, Math.ceil(OPERATIONS / operations));
  await turns(repetitions, "time", async (one, i) => {
    times[i]!.push(await one.nanoseconds(file, replays));
  });
  status("");
  const measured = replayers.map(({ name, linked }, i) => {
    const [first] = runs[i]!;
    const ratios = runs[i]!.map(({ curve }) => overLive(curve));
    const last = first!.curve.at(-1)!;
    return {
      name,
      simulated: false,
      version: first!.process.version,
      peak: middle(ratios.map(({ peak }) => peak)),
      mean: middle(ratios.map(({ mean }) => mean)),
      end: last.resident,
      start: first!.start,
      faults: last.faults,
      failures: first!.failures,
      huge: Math.max(...runs[i]!.map(({ huge }) => huge)),
      peakWithoutHuge: small[i],
      nanoseconds: middle(times[i]!),
      ratio: middle(times[i]!.map((ns, turn) => ns / times[0]![turn]!)),
      linked,
      space: first!.space,
      curve: first!.curve,
    };
  });
  return { process, measured };
}
