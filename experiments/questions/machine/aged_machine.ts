/**
 * A machine that has aged: processes come, churn their heaps and go over one
 * page allocator, with kernel objects beside them. Then every other process
 * ends.
 *
 * @module
 */
import { NULL } from "../../../allocators/allocator.ts";
import { Machine } from "../../../allocators/machine/machine.ts";
import type { Cell } from "../../experiment/experiment.ts";
import { parseLaw } from "../../laws/distributions.ts";
import { type Prng, prng } from "../../laws/prng.ts";
import { MachineRun } from "../../replay/machine_run.ts";
import type { Program } from "../../replay/program.ts";
import { randomChurn } from "../../workloads/churn.ts";

const MIB = 2 ** 20;
/** Processes at any time. */
const PROCESSES = 6;
/** Processes that end and are replaced together. */
const NEWCOMERS = 2;
/** Rows of a program per turn. */
const TURN = 512;
/** Sizes of what programs request, bytes; their mean. */
const SIZES = { law: "uniform:16:2032", mean: 1024 };
/** Share of RAM that all processes have live at most. */
const LOAD = 0.78;
/** Bytes of the kernel's objects: dentries and inodes. */
const OBJECTS = [192, 608];
/** Objects of each kind made per round; about as many go. */
const MADE = 8;
/** Objects of each kind per MiB of RAM that are live at most. */
const OBJECTS_PER_MIB = 128;

/** The machine of the cell after its `generations`, half of it gone. */
export async function agedMachine(cell: Cell): Promise<MachineRun> {
  const ramBytes = cell.number("mebibytes") * MIB;
  const draw = prng(cell.seed, "machine");
  const machine = new Machine({
    ramBytes,
    reservedBytes: ramBytes / 64,
    zone: (pages) => cell.pages(`${cell.allocator}:pages=${pages}`),
    cpus: 2,
  });
  const run = new MachineRun(machine);
  const live = Math.floor(ramBytes * LOAD / PROCESSES / SIZES.mean);
  const start = starter(cell, run, live, draw);
  const kernel = kernelObjects(machine, draw.fork("objects"));
  const programs = Array.from(
    { length: PROCESSES },
    (_, i) => start(Math.ceil(live * (i + 1) / PROCESSES)),
  );
  for (let done = 0; done < cell.number("generations"); done++) {
    await run.run(TURN, kernel);
    for (let i = 0; i < NEWCOMERS; i++) run.end(programs.shift()!);
    for (let i = 0; i < NEWCOMERS; i++) programs.push(start(live));
  }
  await run.run(TURN, kernel);
  run.sample("aged");
  programs.forEach((program, i) => i % 2 === 0 && run.end(program));
  run.sample("half gone");
  return run;
}

/** Starts programs that keep `live` objects and replace so many of them. */
function starter(
  cell: Cell,
  run: MachineRun,
  live: number,
  draw: Prng,
): (steps: number) => Program {
  const sizes = parseLaw(SIZES.law);
  let started = 0;
  return (steps) => {
    const name = `p${started++}`;
    return run.start({
      name,
      heap: (source) => cell.heap("glibc", source).heap,
      trace: randomChurn({ live, sizes, steps }, draw.fork(name)),
      touch: "all",
    });
  };
}

/** Objects of the kernel that come and, once there are enough, go at random. */
function kernelObjects(machine: Machine, draw: Prng): () => void {
  const most = machine.ramBytes / MIB * OBJECTS_PER_MIB;
  const kinds = OBJECTS.map((objectSize) => {
    const live: number[] = [];
    return {
      user: machine.slabUser(`object ${objectSize}`, { objectSize }),
      live,
    };
  });
  return () => {
    for (const { user, live } of kinds) {
      for (let i = 0; i < MADE; i++) {
        const address = user.alloc();
        if (address !== NULL) live.push(address);
        if (live.length < most) continue;
        const victim = draw.below(live.length);
        user.free(live[victim]!);
        live[victim] = live.at(-1)!;
        live.pop();
      }
    }
  };
}
