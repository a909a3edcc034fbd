/**
 * The longest contiguous request that is served while blocks come and go: at
 * equal live load, with lengths that are powers of two and others. Every probe
 * requests each length up to 512 pages (2 MiB) and gives it back at once.
 *
 * @module
 */
import { type Allocator, NULL } from "../../../allocators/allocator.ts";
import { PAGE } from "../../../allocators/pages.ts";
import { bytes, count, ratio } from "../../measures/columns.ts";
import { parseLaw } from "../../laws/distributions.ts";
import {
  combine,
  exactly,
  lectureNotes,
  mean,
  onlyIf,
} from "../../experiment/claims.ts";
import type { Cell, Experiment } from "../../experiment/experiment.ts";
import { columnMean } from "../../experiment/outcome.ts";
import { prng } from "../../laws/prng.ts";

const PAGES = 16_384;
const BUDDY = `buddy:pages=${PAGES}`;
const LINUX = `linux_buddy:pages=${PAGES}`;
/** Lengths that are requested, in pages. */
const PROBES = [8, 12, 32, 48, 128, 192, 384, 512];
/** Probes of a cell. */
const LOOKS = 50;
const HALF_FULL = { sizes: "uniform:1:16", fill_percent: 50 };

/** The declaration. */
export const largestContiguous: Experiment = {
  name: "largest_contiguous",
  question: "How long a run of pages can be had while blocks come and go?",
  claims: [{
    id: "buddy-512",
    statement: "Requests of up to 512 pages are kept contiguous where " +
      "possible: share of them refused while half of the memory is free.",
    source: lectureNotes("advantages of the buddy system"),
    measured: combine(
      (served) => 1 - served,
      mean("served_512_ratio", { ...HALF_FULL, allocator: BUDDY }),
    ),
    expected: exactly(0),
    verdict: onlyIf(
      "much memory is free or all lengths are powers of two; with 90 % " +
        "live and other lengths hardly one is served",
    ),
  }, {
    id: "buddy-dma",
    statement: "The buddy system gives DMA contiguous pages: share of " +
      "requests for 12 pages that Linux serves.",
    source: lectureNotes("advantages of the buddy system"),
    measured: mean("served_12_ratio", { ...HALF_FULL, allocator: LINUX }),
    expected: exactly(1),
  }],
  random: true,
  allocators: [
    BUDDY,
    LINUX,
    `linux_buddy:pages=${PAGES}:pcp=63`,
    `lazy_buddy:pages=${PAGES}`,
    `fibonacci_buddy:pages=${PAGES}`,
    `weighted_buddy:pages=${PAGES}`,
    `first_fit:header=0:align=4096:arena=${PAGES * PAGE}`,
  ],
  parameters: {
    sizes: {
      summary: "distribution of the lengths that come and go, pages",
      values: { default: ["uniform:1:16", "empirical:1:8:2:4:4:2:8:1:16:1"] },
    },
    fill_percent: {
      summary: "live share of the memory, percent",
      values: { quick: [90], default: [50, 75, 90] },
    },
    steps: {
      summary: "blocks requested",
      values: { quick: [10_000], default: [50_000] },
    },
  },
  columns: [
    count("step", "request", "Requests so far."),
    bytes("live_bytes", "Live bytes as requested."),
    count("largest_served_pages", "page", "Longest probe that was served."),
    ratio(
      "largest_pages",
      "Longest probe that was served, mean over the times it was tried.",
    ),
    ...PROBES.map((n) =>
      ratio(`served_${n}_ratio`, `Share of the probes of ${n} pages served.`)
    ),
    ratio("live_ratio", "Live share of the memory at the end."),
  ],
  headline: ["served_48_ratio", "served_512_ratio", "largest_pages"],
  run(cell) {
    const { heap } = cell.heap();
    const served = PROBES.map(() => 0);
    const probes: { step: number; live_bytes: number; [LARGEST]: number }[] =
      [];
    const requested = churn(cell, heap, (step, live_bytes) => {
      const found = probe(heap);
      found.forEach((pages) => served[PROBES.indexOf(pages)]!++);
      probes.push({ step, live_bytes, [LARGEST]: Math.max(0, ...found) });
    });
    return {
      workload: `churn ${cell.text("sizes")}`,
      samples: [],
      tables: { probes },
      measures: {
        ...Object.fromEntries(
          PROBES.map((n, i) => [`served_${n}_ratio`, served[i]! / LOOKS]),
        ),
        largest_pages: columnMean(probes, LARGEST),
        live_ratio: requested / PAGES / PAGE,
      },
    };
  },
  figures: [{
    title: "The longest run of pages that is served, by how full memory is.",
    table: "summary",
    x: "allocator",
    y: "largest_pages",
    series: "sizes",
    mark: "bar",
    facet: "fill_percent",
  }],
};

const LARGEST = "largest_served_pages";

/**
 * Requests blocks and frees random ones to keep the load; `look` is called now
 * and then with the request's number and the live bytes. The live bytes at the
 * end.
 */
function churn(
  cell: Cell,
  heap: Allocator,
  look: (step: number, live: number) => void,
): number {
  const sizes = parseLaw(cell.text("sizes")).sampler(prng(cell.seed, "sizes"));
  const victims = prng(cell.seed, "victims");
  const steps = cell.number("steps");
  const fill = cell.number("fill_percent");
  if (fill < 1 || fill > 100) {
    throw new RangeError("fill_percent expects 1..100");
  }
  const most = PAGES * PAGE * fill / 100;
  const live: { address: number; size: number }[] = [];
  let requested = 0;
  for (let step = 1; step <= steps; step++) {
    const size = sizes() * PAGE;
    while (requested + size > most) {
      const i = victims.below(live.length);
      const victim = live[i]!;
      live[i] = live.at(-1)!;
      live.pop();
      if (victim.address !== NULL) heap.free(victim.address, victim.size);
      requested -= victim.size;
    }
    live.push({ address: heap.malloc(size), size });
    requested += size;
    if (step % (steps / LOOKS) === 0) look(step, requested);
  }
  return requested;
}

/** The lengths that `heap` serves now, one at a time, in pages. */
function probe(heap: Allocator): number[] {
  return PROBES.filter((pages) => {
    const address = heap.malloc(pages * PAGE);
    if (address === NULL) return false;
    heap.free(address, pages * PAGE);
    return true;
  });
}
