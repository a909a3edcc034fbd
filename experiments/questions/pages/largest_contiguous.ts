/**
 * The largest contiguous request that is served while blocks come and go: at
 * equal live load, in sizes that are powers of two and others. Every probe
 * asks for each length up to 512 pages (2 MiB) and gives it back at once.
 *
 * @module
 */
import { NULL } from "../../../allocators/allocator.ts";
import { PAGE } from "../../../allocators/pages.ts";
import { bytes, count, ratio } from "../../measures/columns.ts";
import { parseLaw } from "../../laws/distributions.ts";
import {
  type Experiment,
  type Finished,
  meanOf,
  onlyIf,
} from "../../experiment/experiment.ts";
import { prng } from "../../laws/prng.ts";

const PAGES = 16_384;
const BUDDY = `buddy:pages=${PAGES}`;
const LINUX = `linux_buddy:pages=${PAGES}`;
/** Lengths that are asked for, in pages. */
const PROBES = [8, 12, 32, 48, 128, 192, 384, 512];
const CHURN = { sizes: "uniform:1:16", fill_percent: 50 };

const refused = (cells: readonly Finished[], allocator: string) => {
  const served = meanOf(cells, "served_512_ratio", { ...CHURN, allocator });
  return served === undefined ? undefined : 1 - served;
};

/** The declaration. */
export const largestContiguous: Experiment = {
  name: "largest_contiguous",
  question: "How long a run of pages can be had while blocks come and go?",
  claims: [{
    id: "buddy-512",
    statement: "Requests up to 512 pages are kept contiguous where possible: " +
      "share of probes refused, half of the memory being free.",
    source: "seed document",
    measured: (cells) => refused(cells, BUDDY),
    expected: { value: 0, tolerance: 0 },
    verdict: onlyIf(
      "much is free or all lengths are powers of two: else, with 90 % " +
        "of the memory live, hardly one is served",
    ),
  }, {
    id: "buddy-dma",
    statement:
      "Page blocks come contiguous: share of probes of 12 pages that " +
      "Linux serves.",
    source: "seed document",
    measured: (cells) =>
      meanOf(cells, "served_12_ratio", { ...CHURN, allocator: LINUX }),
    expected: { value: 1, tolerance: 0 },
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
      summary: "law of the lengths that come and go, pages",
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
    bytes("live_bytes", "Live bytes as asked for."),
    count("largest_served_pages", "page", "The longest probe that was served."),
    ratio("largest_pages", "Pages of the longest probe served, mean."),
    ...PROBES.map((n) =>
      ratio(`served_${n}_ratio`, `Share of probes of ${n} pages served.`)
    ),
    ratio("live_ratio", "Live share of the memory at the end."),
  ],
  headline: ["served_48_ratio", "served_512_ratio", "largest_pages"],
  run(cell) {
    const { heap } = cell.heap();
    const sizes = parseLaw(cell.text("sizes")).sampler(
      prng(cell.seed, "sizes"),
    );
    const victims = prng(cell.seed, "victims");
    const steps = cell.number("steps");
    const most = PAGES * PAGE * cell.number("fill_percent") / 100;
    const live: { address: number; size: number }[] = [];
    const served = PROBES.map(() => 0);
    const rows: Record<string, number>[] = [];
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
      if (step % (steps / 50) !== 0) continue;
      let largest = 0;
      PROBES.forEach((pages, i) => {
        const address = heap.malloc(pages * PAGE);
        if (address === NULL) return;
        heap.free(address, pages * PAGE);
        served[i]!++;
        largest = Math.max(largest, pages);
      });
      rows.push({
        step,
        live_bytes: requested,
        largest_served_pages: largest,
      });
    }
    const mean = rows.reduce((sum, r) => sum + r.largest_served_pages!, 0) /
      rows.length;
    return {
      workload: `churn ${cell.text("sizes")}`,
      samples: [],
      tables: { probes: rows },
      measures: {
        ...Object.fromEntries(
          PROBES.map((n, i) => [`served_${n}_ratio`, served[i]! / rows.length]),
        ),
        largest_pages: mean,
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
