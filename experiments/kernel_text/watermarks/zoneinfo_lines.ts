/**
 * What /proc/zoneinfo means: where free memory stands between the watermarks,
 * and how much of each zone a request can have.
 *
 * @module
 */
import {
  HUGE_BLOCKS,
  hugePageMinimum,
} from "../../../allocators/buddy/linux_watermarks.ts";
import { PAGE } from "../../../allocators/pages.ts";
import type { Sample, Setting } from "../kind.ts";
import { listed, mebibytes, memory, percent, plural } from "../words.ts";
import { levelText } from "./level.ts";
import { takingLines } from "./taking_lines.ts";
import type { ZoneInfo } from "./zoneinfo.ts";

/** Figures of a node that count what neither compaction nor migration moves. */
const UNMOVABLE: readonly (readonly [name: string, figure: string])[] = [
  ["unreclaimable slabs", "nr_slab_unreclaimable"],
  ["page tables", "nr_page_table_pages"],
];

/** The explanation of one or more samples; the last one in full. */
export function explainZoneinfo(
  samples: readonly Sample<ZoneInfo[]>[],
  { pageBytes }: Setting,
): string[] {
  return [
    ...seriesLines(samples),
    ...textLines(samples.at(-1)!.data, pageBytes),
  ];
}

/** A figure of `zone` in pages; undefined if the text lacks it. */
export function figure({ pages }: ZoneInfo, name: string): number | undefined {
  if (name === "free") return pages["pages free"] ?? pages.nr_free_pages;
  return pages[name];
}

function seriesLines(samples: readonly Sample<ZoneInfo[]>[]): string[] {
  if (samples.length < 2) return [];
  const [first, last] = [samples[0]!.data, samples.at(-1)!.data];
  return [
    `${samples.length} samples: a series.`,
    ...last.flatMap((zone) => {
      const old = first.find((one) =>
        one.node === zone.node && one.zone === zone.zone
      );
      const [before, after] = [
        old && figure(old, "free"),
        figure(zone, "free"),
      ];
      return before === undefined || after === undefined ? [] : [
        `Node ${zone.node}, zone ${zone.zone}: ${
          plural(before, "page")
        } free at first, ` +
        `${after} at last.`,
      ];
    }),
    "",
    "The last sample:",
    "",
  ];
}

function textLines(zones: readonly ZoneInfo[], pageBytes: number): string[] {
  const held = zones.filter((zone) =>
    (zone.pages.managed ?? zone.pages.present ?? 1) > 0
  );
  const empty = zones.filter((zone) => !held.includes(zone));
  return [
    ...held.flatMap((zone) => [...zoneLines(zone, zones, pageBytes), ""]),
    ...reasonLines(held, pageBytes),
    ...(empty.length > 0
      ? [
        `Without memory: ${
          listed(empty.map(({ node, zone }) => `${zone} of node ${node}`))
        }.`,
      ]
      : []),
  ];
}

function zoneLines(
  zone: ZoneInfo,
  zones: readonly ZoneInfo[],
  pageBytes: number,
): string[] {
  const { pages, node, zone: name } = zone;
  const free = figure(zone, "free");
  if (free === undefined) {
    return [`Node ${node}, zone ${name}: its free pages are not in the text.`];
  }
  const size = pages.managed ?? pages.present;
  const { min, low, high } = pages;
  const marks = min !== undefined && low !== undefined && high !== undefined
    ? { min, low, high }
    : undefined;
  const share = size && size >= free
    ? `, ${percent(free / size)} of its memory`
    : "";
  return [
    `Node ${node}, zone ${name}: ${plural(free, "page")} free (${
      memory(free * pageBytes)
    }${share})${marks ? `; ${levelText(free, marks)}` : ""}.`,
    ...(marks ? takingLines(zone, zones, free, marks) : []),
    ...heldLines(zone, free),
    ...unmovableLines(zone, pageBytes),
  ];
}

/** Free pages that not everybody may have, and some that count as used. */
function heldLines(
  { pages, cpus, onCpuLists, list }: ZoneInfo,
  free: number,
): string[] {
  const lines = [];
  if (pages.nr_free_cma) {
    lines.push(
      `  ${pages.nr_free_cma} of the free pages lie in CMA areas: for movable ` +
        "requests only.",
    );
  }
  if (pages.reserved_highatomic) {
    lines.push(
      `  ${
        plural(pages.reserved_highatomic, "page is", "pages are")
      } reserved for atomic requests of ` +
        `order 1 and more${
          pages.free_highatomic === undefined
            ? ""
            : `, ${pages.free_highatomic} of them free`
        }.`,
    );
  }
  const blocks = pages.nr_free_pages_blocks;
  if (blocks !== undefined && free > 0 && blocks <= free) {
    lines.push(
      `  ${blocks} of the free pages (${
        percent(blocks / free)
      }) lie in whole ` +
        "free pageblocks.",
    );
  }
  if (onCpuLists > 0) {
    lines.push(
      `  ${plural(onCpuLists, "page")} on the lists of ${
        plural(cpus, "CPU")
      }: free to them, but not counted as free.`,
    );
  }
  return [...lines, ...listLines(list)];
}

/** How the lists of a CPU are filled and drained. */
function listLines(
  { batch, high, high_min, high_max }: ZoneInfo["list"],
): string[] {
  if (batch === undefined) return [];
  const holds = high_min !== undefined && high_max !== undefined
    ? `${high_min} to ${high_max} pages, by what it has freed`
    : high && plural(high, "page"); // 0: not tuned yet
  return [
    `  A CPU fetches ${plural(batch, "page")} at first` +
    (holds ? `, and drains its lists when they hold ${holds}.` : "."),
  ];
}

/** What the min watermarks come from, where that shows. */
function reasonLines(zones: readonly ZoneInfo[], pageBytes: number): string[] {
  if (pageBytes !== PAGE) return [];
  const mins = zones.filter(({ zone }) => zone !== "Movable")
    .map(({ pages }) => pages.min ?? 0);
  const wanted = hugePageMinimum(mins.length);
  const sum = mins.reduce((a, b) => a + b, 0);
  // each zone's share is rounded down
  if (sum > wanted || sum < wanted - mins.length) return [];
  return [
    `The min watermarks are khugepaged's: ${HUGE_BLOCKS} free pageblocks for ` +
    `each of ${plural(mins.length, "zone")}, ${wanted} pages.`,
  ];
}

function unmovableLines(
  { perNode, pages, node }: ZoneInfo,
  pageBytes: number,
): string[] {
  const parts = UNMOVABLE.flatMap(([name, figure]) => {
    const value = perNode[figure] ?? pages[figure];
    return value ? [`${name} ${mebibytes(value * pageBytes)}`] : [];
  });
  const stack = perNode.nr_kernel_stack ?? pages.nr_kernel_stack;
  if (stack) parts.push(`kernel stacks ${mebibytes(stack * 1024)}`);
  return parts.length === 0 ? [] : [
    `  Not to be moved ${
      Object.keys(perNode).length > 0 ? `on node ${node}` : "in this zone"
    }: ${listed(parts)}.`,
  ];
}
