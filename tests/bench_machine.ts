/**
 * `deno run --allow-read tests/bench_machine.ts [--json]`: CPU time per request
 * of a machine of 4 GiB with three processes, against the same three heaps
 * alone.
 *
 * Each side runs in a worker of its own, so that its call sites stay
 * monomorphic; the sides take turns, with new heaps each time. A figure is the
 * median of the turns after the first; a turn has 10^7 requests. Programs of
 * the machine write the first byte of every block and take turns of 65,536
 * rows; the heaps alone have flat memory and run one after the other.
 *
 * @module
 */
import type { Task } from "./bench_machine_worker.ts";

const TURNS = 5;
const LIVE = [10_000, 100_000];

function ask(worker: Worker, task: Task): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(task);
  });
}

const rows = [];
for (const live of LIVE) {
  const sides = [false, true].map((machine) => ({
    machine,
    times: [] as number[],
    worker: new Worker(
      new URL("./bench_machine_worker.ts", import.meta.url),
      { type: "module" },
    ),
  }));
  for (let turn = 0; turn <= TURNS; turn++) {
    for (const { worker, machine, times } of sides) {
      times.push(await ask(worker, { machine, live }));
    }
  }
  const [alone_ns, machine_ns] = sides.map(({ worker, times }) => {
    worker.terminate();
    return times.slice(1).sort((a, b) => a - b)[TURNS >> 1]!;
  });
  rows.push({ live, alone_ns, machine_ns, speed: alone_ns! / machine_ns! });
}
console.log(
  Deno.args.includes("--json") ? JSON.stringify(rows, null, 2) : rows,
);
