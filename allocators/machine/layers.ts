/**
 * The layers of a machine, each seen as one allocator: what it was asked for by
 * the layer above, and what it holds of the layer below. Views of the same
 * bytes, never to be added up.
 *
 * @module
 */
import { type Allocator, Counters, type Usage } from "../allocator.ts";
import type { PageSource } from "../pages.ts";
import { slabUsage } from "../slab/usage.ts";
import type { Machine } from "./machine.ts";
import type { Process } from "./process.ts";

/** One layer at an instant. */
export interface Layer {
  /** `buddy`, `slab`, or process and layer: `shell.heap`. */
  name: string;
  /** The process that it belongs to, if any. */
  process?: Process;
  /** What it holds and what it did. */
  view: Pick<Allocator, "usage" | "counters">;
  /** What it knows of the operating system. */
  source?: Partial<PageSource>;
  /** Live bytes as the layer above asked for them. */
  requested: number;
  /** Live blocks of the layer above. */
  live: number;
}

/** Every layer, process by process, from the top down. */
export function layersOf(machine: Machine): Layer[] {
  const { zone, slabUsers, caches } = machine;
  const pages = zone.usage();
  return [
    ...machine.processes.flatMap(layersOfProcess),
    {
      name: "slab",
      view: { usage: () => slabUsage(caches), counters: new Counters() },
      requested: slabUsers.reduce((sum, u) => sum + u.live * u.bytes, 0),
      live: slabUsers.reduce((sum, { live }) => sum + live, 0),
    },
    {
      name: "buddy",
      view: { usage: () => pages, counters: zone.counters },
      requested: pages.allocated,
      live: pages.allocated / zone.pageBytes,
    },
  ];
}

function layersOfProcess(process: Process): Layer[] {
  const { name, os, pool, malloc, client, direct } = process;
  const own = { requested: client?.requested ?? 0, live: client?.live ?? 0 };
  const layers: Layer[] = [];
  if (pool) {
    const view = pool.alone;
    layers.push({ name: `${name}.pool`, process, view, ...own });
    own.requested = view.usage().footprint + (direct?.requested ?? 0);
    own.live = pool.chunkCount + (direct?.live ?? 0);
  }
  const { residentBytes, systemCalls, pageFaults } = os;
  const source = { residentBytes, systemCalls, pageFaults };
  layers.push({ name: `${name}.heap`, process, view: malloc, source, ...own });
  layers.push({
    name: `${name}.address_space`,
    process,
    view: { usage: () => mapped(os.mappedBytes), counters: new Counters() },
    source,
    requested: malloc.footprint,
    live: [...os.segments()].length,
  });
  return layers;
}

/** An address space hands all that is mapped to the process. */
function mapped(bytes: number): Usage {
  return {
    allocated: bytes,
    metadata: 0,
    cached: 0,
    free: 0,
    footprint: bytes,
    largestFree: 0,
    freeBlocks: 0,
    unavailable4k: 0,
    unavailable64k: 0,
    unavailable2m: 0,
    largestServeable: Infinity,
    side: 0,
  };
}
