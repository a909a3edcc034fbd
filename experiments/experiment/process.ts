/**
 * A process: a trace over a heap in an address space, where a container's
 * nodes may have an allocator of their own above that heap.
 *
 * @module
 */
import type { Allocator } from "../../allocators/allocator.ts";
import { AddressSpace } from "../../allocators/os/address_space.ts";
import { programSessions } from "../replay/client_sessions.ts";
import type { Sample } from "../measures/columns.ts";
import type { Cell } from "./experiment.ts";
import { measure } from "../measures/metrics.ts";
import type { Trace } from "../traces/trace.ts";

/** A process after its trace. */
export interface Process {
  /** The heap as the cell's spec says. */
  heap: Allocator;
  /** One row per phase. */
  samples: Sample[];
}

/**
 * Replays the trace that `traceFor` makes for a new heap as the cell says, over
 * an address space of its own. The first byte of every block is written, and
 * what the trace writes. `atPhase` sees the heap at each phase.
 */
export async function replayProcess(
  cell: Cell,
  traceFor: (heap: Allocator) => Promise<Trace>,
  atPhase: (phase: string, heap: Allocator) => void = () => {},
): Promise<Process> {
  const os = new AddressSpace();
  const { heap } = cell.heap(undefined, os);
  const { sessions } = programSessions(heap, os, "first");
  const samples: Sample[] = [];
  await sessions.replay(await traceFor(heap), (phase) => {
    samples.push(measure("heap", heap, os, sessions, phase));
    atPhase(phase, heap);
  });
  return { heap, samples };
}
