/**
 * `deno task bench [--json]`: CPU time per operation of the replay loop.
 *
 * Each allocator runs in a worker of its own, so that its call sites stay
 * monomorphic; the workers take turns, with a new heap each time; the median
 * of the turns after the first is printed, with sampling every 1000 operations
 * and without.
 *
 * @module
 */
import type { Task } from "./bench_worker.ts";

const SPECS = ["buddy", "first_fit", "best_fit", "kingsley", "tlsf"];
const TURNS = 7;
const OPERATIONS = 1_000_000;
const LIVE = 10_000;

interface Figure {
  allocator: string;
  operations: number;
  live_blocks: number;
  sampled_ns: number;
  unsampled_ns: number;
  sampling_ratio: number;
}

function ask(worker: Worker, task: Task): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(task);
  });
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}

const workers = SPECS.map(() =>
  new Worker(new URL("./bench_worker.ts", import.meta.url), { type: "module" })
);
const times = SPECS.map(() => ({
  sampled: [] as number[],
  unsampled: [] as number[],
}));
for (let turn = 0; turn <= TURNS; turn++) {
  for (const [i, spec] of SPECS.entries()) {
    const task = { spec, operations: OPERATIONS, live: LIVE };
    const sampled = await ask(workers[i]!, { ...task, every: 1000 });
    const unsampled = await ask(workers[i]!, { ...task, every: 0 });
    if (turn === 0) continue; // warms the code
    times[i]!.sampled.push(sampled);
    times[i]!.unsampled.push(unsampled);
  }
}
workers.forEach((worker) => worker.terminate());

const replayed: Figure[] = SPECS.map((allocator, i) => {
  const sampled_ns = median(times[i]!.sampled);
  const unsampled_ns = median(times[i]!.unsampled);
  return {
    allocator,
    operations: OPERATIONS,
    live_blocks: LIVE,
    sampled_ns,
    unsampled_ns,
    sampling_ratio: sampled_ns / unsampled_ns,
  };
});

if (Deno.args.includes("--json")) {
  console.log(JSON.stringify({ replay: replayed }, null, 2));
} else {
  console.log("CPU ns per operation, median; 10^6 operations, 10^4 live");
  for (const f of replayed) {
    console.log(
      `${f.allocator.padEnd(12)} ${f.sampled_ns.toFixed(1).padStart(7)}` +
        `   sampling x${f.sampling_ratio.toFixed(2)}`,
    );
  }
}
