/**
 * The C++ program around a container: what its heap holds before `main`, the
 * array of keys it draws from, and the phases it goes through.
 *
 * Before the first request of `main` the heap holds malloc's own tcache table,
 * and libstdc++'s reserve for exceptions when memory is out. Reading a file
 * through stdio leaves its two freed buffers in the tcache. Simplified: on 32
 * bits these lengths are not compared with a recording.
 *
 * @module
 */
import type { Prng } from "../../laws/prng.ts";
import { shuffled } from "../../laws/shuffle.ts";
import { Op, type TraceBuilder } from "../../traces/trace.ts";
import type { Word } from "./layout.ts";
import { type ContainerOptions, newContainer } from "./mod.ts";
import { Clients, type Requests } from "./requests.ts";

/** Bytes of the reserve for exceptions, by bytes of a pointer. */
const EXCEPTION_RESERVE: Record<Word, number> = { 8: 72_704, 4: 18_944 };
/** Bytes of a FILE, as stdio requests it, by bytes of a pointer. */
const FILE: Record<Word, number> = { 8: 472, 4: 352 };
/** Bytes of the buffer of a file in /proc. */
const FILE_BUFFER = 1024;
/** Bytes of a key in the array of keys. */
const KEY_BYTES = 4;

/** What happens to the elements once they are in. */
export const ENDINGS = [
  "clear",
  "pinned_clear",
  "erase",
  "reverse_erase",
  "half_erase",
] as const;

/** A way to lose the elements. */
export type Ending = typeof ENDINGS[number];

/** A program that fills and empties a container, twice. */
export interface ProgramOptions extends ContainerOptions {
  /** Elements; their keys are 0 .. elements - 1. */
  elements: number;
  /** Order of insertion, and of erasure. */
  order: "ascending" | "random";
  /**
   * How they go: all at once; so, below a block requested last; one by one as
   * they came; or in reverse; or every other one, which then comes back before
   * all go at once.
   */
  ending: Ending;
  /** Bytes that the program requests and frees when elements have gone; 0: none. */
  probe?: number;
  /** Whether malloc_trim(0) is called whenever elements have gone. */
  trim: boolean;
}

/** What happens before `main`, and the reading of a file if `stdio`. */
export function startUp(program: Requests, word: Word, stdio: boolean): void {
  program.malloc(EXCEPTION_RESERVE[word]);
  if (!stdio) return;
  const file = program.malloc(FILE[word]);
  program.free(program.malloc(FILE_BUFFER));
  program.free(file);
}

/** The keys in the order of their insertion. */
export function keysOf(
  elements: number,
  order: "ascending" | "random",
  draw: Pick<Prng, "below">,
): Int32Array<ArrayBuffer> {
  const keys = Int32Array.from({ length: elements }, (_, i) => i);
  return order === "ascending" ? keys : shuffled(keys, draw);
}

/**
 * Runs the program into `trace`; clients are `program`, `nodes` (whatever the
 * container asks of its allocator) and `strings`. Yields when
 * the trace can be drained, so that it can be read while it is made.
 */
export function* runProgram(
  options: ProgramOptions,
  draw: Pick<Prng, "below">,
  trace: TraceBuilder,
): Generator<void> {
  const { elements, ending } = options;
  const clients = new Clients(trace);
  const program = clients.as("program");
  startUp(program, options.word, true);
  const container = newContainer(
    options,
    clients.as("nodes"),
    clients.as("strings"),
  );
  const keys = keysOf(elements, options.order, draw);
  program.write(program.malloc(elements * KEY_BYTES), 0, elements * KEY_BYTES);
  trace.phase("start");
  const probeAndTrim = () => {
    if (options.probe) {
      program.free(program.malloc(options.probe));
      trace.phase("probe");
    }
    if (options.trim) {
      trace.append(Op.TRIM, -1, 0, 0);
      trace.phase("trim");
    }
  };

  const insertAll = (keys: Int32Array) =>
    forEach(keys, (key) => container.insert(key), trace);
  const eraseAll = (keys: Int32Array) =>
    forEach(keys, (key) => container.erase(key), trace);

  yield* insertAll(keys);
  trace.phase("insert");
  switch (ending) {
    case "half_erase": {
      const half = keys.filter((_, i) => i % 2 === 0);
      yield* eraseAll(half);
      trace.phase("half_erase");
      probeAndTrim();
      yield* insertAll(half);
      trace.phase("reinsert");
      container.clear();
      trace.phase("clear");
      break;
    }
    case "erase":
    case "reverse_erase": {
      const copy = program.malloc(elements * KEY_BYTES);
      program.write(copy, 0, elements * KEY_BYTES);
      yield* eraseAll(ending === "erase" ? keys : keys.toReversed());
      trace.phase(ending);
      program.free(copy);
      break;
    }
    case "pinned_clear": {
      const pin = program.malloc(64);
      trace.phase("pin");
      container.clear();
      trace.phase("clear");
      probeAndTrim();
      program.free(pin);
      trace.phase("unpin");
      break;
    }
    case "clear":
      container.clear();
      trace.phase("clear");
  }
  probeAndTrim();
  yield* insertAll(keys);
  trace.phase("refill");
  container.clear();
  trace.phase("clear again");
}

function* forEach(
  keys: Int32Array,
  act: (key: number) => void,
  trace: TraceBuilder,
): Generator<void> {
  for (let i = 0; i < keys.length; i++) {
    act(keys[i]!);
    if (trace.ready) yield;
  }
}
