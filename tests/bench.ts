/**
 * `deno task bench [--json]`: CPU time per operation of the replay loop, and
 * of the simulated glibc and musl against the real ones; megabytes of a `.rep` file read
 * in a second of it.
 *
 * Each subject runs in a worker of its own, so that its call sites stay
 * monomorphic; subjects take turns, with a new heap each time, and so does the
 * real malloc, in a new process each time. A figure is the median of the turns
 * after the first; a turn has at least 10^6 operations. No payload is touched;
 * the simulated side includes metrics and a sample every 1000 operations.
 *
 * @module
 */
import { readOnce } from "./bench_rep.ts";
import { bytesPerBlock } from "./bench_memory.ts";
import { benchTrace, PROGRAMS, THREADED } from "./bench_traces.ts";
import type { Task, Timed } from "./bench_worker.ts";
import { buildOracle, type Oracle } from "../experiments/real/glibc.ts";
import { buildThreadOracle } from "./oracle/threads_oracle.ts";
import { plainText } from "../experiments/real/requests.ts";
import { find } from "../experiments/real/allocators.ts";
import { Replayer } from "../experiments/real/replayer.ts";
import { Failure } from "../experiments/runner/failure.ts";
import type { Missing } from "./skipped.ts";
import { JSON_OPTION, taskArguments } from "./task.ts";

const SPECS = ["buddy", "first_fit", "best_fit", "kingsley", "tlsf", "glibc"];
const SYNTHETIC = ["uniform", "power", "map"];
const TURNS = 7;
const OPERATIONS = 1_000_000;
const LIVE = 10_000;
const BUILD = new URL("./oracle/build/", import.meta.url).pathname;

/** A subject in its isolate. */
class Subject {
  readonly #worker = new Worker(
    new URL("./bench_worker.ts", import.meta.url),
    { type: "module" },
  );
  readonly #task: Task;
  readonly times: number[] = [];

  constructor(task: Task) {
    this.#task = task;
  }

  /** Replays at least OPERATIONS; nanoseconds per operation. */
  async turn(): Promise<void> {
    let operations = 0;
    let nanoseconds = 0;
    while (operations < OPERATIONS) {
      const timed = await this.#ask();
      operations += timed.operations;
      nanoseconds += timed.nanoseconds;
    }
    this.times.push(nanoseconds / operations);
  }

  close(): void {
    this.#worker.terminate();
  }

  #ask(): Promise<Timed> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }) => resolve(data);
      this.#worker.onerror = ({ message }) => reject(new Error(message));
      this.#worker.postMessage(this.#task);
    });
  }
}

/** Median of the turns after the first. */
function median([, ...turns]: number[]): number {
  return turns.sort((a, b) => a - b)[turns.length >> 1]!;
}

async function replayed() {
  const task = { trace: "uniform", operations: OPERATIONS, live: LIVE };
  const pairs = SPECS.map((spec) => ({
    sampled: new Subject({ ...task, spec, every: 1000 }),
    unsampled: new Subject({ ...task, spec, every: 0 }),
  }));
  for (let turn = 0; turn <= TURNS; turn++) {
    for (const { sampled, unsampled } of pairs) {
      await sampled.turn();
      await unsampled.turn();
    }
  }
  return pairs.map(({ sampled, unsampled }, i) => {
    sampled.close();
    unsampled.close();
    const sampled_ns = median(sampled.times);
    const unsampled_ns = median(unsampled.times);
    return {
      allocator: SPECS[i]!,
      operations: OPERATIONS,
      live_blocks: LIVE,
      sampled_ns,
      unsampled_ns,
      sampling_ratio: sampled_ns / unsampled_ns,
    };
  });
}

/** Nanoseconds per operation of a real malloc on the trace in `file`. */
type Native = (
  file: string,
  trace: string,
  operations: number,
) => Promise<number>;

/** The real glibc; where threads hand over it has one repetition only. */
function glibcOf(oracle: Oracle): Native {
  return async (file, trace, operations) => {
    const repetitions = THREADED.includes(trace)
      ? []
      : [`${Math.ceil(OPERATIONS / operations)}`];
    const output = await oracle.run(file, [], ["-T", ...repetitions]);
    const found = /ps_per_op=(\d+)/.exec(output);
    if (!found) throw new Error(`The replayer printed ${output}`);
    return Number(found[1]) / 1000;
  };
}

/** The real musl, if it is there. */
async function realMusl(): Promise<Native | Missing> {
  const data = new URL("../data", import.meta.url).pathname;
  try {
    const subject = find({ name: "musl", path: undefined }, data);
    const replayer = await Replayer.built(subject, BUILD, ["env"]);
    return (file, _, operations) =>
      replayer.nanoseconds(file, Math.ceil(OPERATIONS / operations));
  } catch (error) {
    if (error instanceof Failure) return { why: error.message };
    throw error;
  }
}

/** The simulated `spec` beside the real one, by turns. */
async function againstReal(
  spec: string,
  native: Native,
  traces: readonly string[],
) {
  const rows = [];
  for (const trace of traces) {
    const file = `${BUILD}bench_${trace}.rep`;
    const requests = await benchTrace(trace, OPERATIONS, LIVE);
    const text = await plainText(requests);
    await Deno.writeTextFile(file, text);
    const operations = text.split("\n").length - 5;
    const task = { trace, operations: OPERATIONS, live: LIVE, every: 1000 };
    const subject = new Subject({ ...task, spec });
    const real: number[] = [];
    for (let turn = 0; turn <= TURNS; turn++) {
      await subject.turn();
      real.push(await native(file, trace, operations));
    }
    subject.close();
    await Deno.remove(file);
    const simulated_ns = median(subject.times);
    const native_ns = median(real);
    const ratio = simulated_ns / native_ns;
    rows.push({ trace, operations, simulated_ns, native_ns, ratio });
  }
  return rows;
}

/** 64 threads in turn: the seconds of CPU that 10^6 operations take. */
async function manyThreads() {
  const task = { trace: "threads_64", operations: OPERATIONS, live: LIVE };
  const subject = new Subject({ ...task, spec: "glibc", every: 1000 });
  for (let turn = 0; turn <= TURNS; turn++) await subject.turn();
  subject.close();
  return { million_operations_s: median(subject.times) / 1000 };
}

/** Reading a `.rep` file of so many operations, from memory. */
async function reading() {
  const requests = await benchTrace("uniform", OPERATIONS, LIVE);
  const file = new TextEncoder().encode(await plainText(requests));
  const seconds: number[] = [];
  for (let turn = 0; turn <= TURNS; turn++) {
    const read = await readOnce(file);
    if (read.operations < OPERATIONS) throw new Error("The file is too short");
    seconds.push(read.seconds);
  }
  return { megabytes_per_second: file.length / 1e6 / median(seconds) };
}

const args = taskArguments({
  name: "bench",
  summary: "CPU time per operation, allocator by allocator, beside the real " +
    "malloc, and of reading .rep text",
  usage: "[--json]",
  options: [JSON_OPTION],
});
// First, as later the process would have pages to use again.
const memory = [1, 8, 64].map((threads) => ({
  threads,
  bytes_per_block: bytesPerBlock(threads),
}));
const replay = await replayed();
const rep = await reading();
const glibc = [];
for (
  const [oracle, traces] of [
    [await buildOracle("x86_64", BUILD), [...SYNTHETIC, ...PROGRAMS]],
    [await buildThreadOracle(BUILD), THREADED],
  ] as const
) {
  if ("why" in oracle) {
    console.error(`The real malloc is left out: ${oracle.why}`);
  } else glibc.push(...await againstReal("glibc", glibcOf(oracle), traces));
}
const native = await realMusl();
if ("why" in native) console.error(`The real musl is left out: ${native.why}`);
const musl = "why" in native ? [] : await againstReal("musl", native, PROGRAMS);
const threads = await manyThreads();
if (args.flag("json")) {
  const figures = { replay, rep, glibc, musl, threads, memory };
  console.log(JSON.stringify(figures, null, 2));
} else {
  const ns = (value: number) => value.toFixed(1).padStart(8);
  console.log("CPU ns per operation, median; 10^6 operations, 10^4 live");
  for (const { allocator, sampled_ns, sampling_ratio } of replay) {
    console.log(
      `${allocator.padEnd(12)}${ns(sampled_ns)}   ` +
        `with samples x${sampling_ratio.toFixed(2)}`,
    );
  }
  const speed = rep.megabytes_per_second.toFixed(0);
  console.log(`\n.rep read: ${speed} MB per CPU second`);
  for (const [name, rows] of Object.entries({ glibc, musl })) {
    console.log(`\n${name.padEnd(20)} simulated    real   ratio`);
    for (const { trace, simulated_ns, native_ns, ratio } of rows) {
      const times = ns(simulated_ns) + ns(native_ns);
      console.log(
        `${trace.padEnd(20)} ${times}${ratio.toFixed(2).padStart(8)}`,
      );
    }
  }
  const seconds = threads.million_operations_s.toFixed(2);
  console.log(`\n10^6 operations of 64 threads: ${seconds} CPU seconds`);
  console.log("\nBytes of the host per live block of 48 bytes, 10^6 of them");
  for (const { threads, bytes_per_block } of memory) {
    console.log(`${threads} threads`.padEnd(12) + ns(bytes_per_block));
  }
}
