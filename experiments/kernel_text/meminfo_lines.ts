/**
 * What /proc/meminfo means: shares that add up.
 *
 * Many of its lines are parts of others or count the same pages from another
 * side (Active, Mapped, Shmem, ...). Those in {@linkcode HOLDERS} are disjoint;
 * what they leave over is held by drivers and others that tell nobody.
 *
 * @module
 */
import type { Sample } from "./kind.ts";
import type { Meminfo } from "./meminfo.ts";
import { mebibytes, percent, table } from "./words.ts";

const KIB = 1024;

/** Disjoint holders: a line of the text, and what it counts. */
export const HOLDERS: readonly (readonly [line: string, what: string])[] = [
  ["MemFree", "free: in the buddy lists and on the CPUs' lists"],
  ["Buffers", "page cache of block devices"],
  ["Cached", "page cache of files, and tmpfs and shared memory"],
  ["FilePages", "page cache, tmpfs and shared memory"],
  ["SwapCached", "pages that are in swap as well; AnonPages may count some"],
  ["AnonPages", "memory of programs without a file: heaps, stacks"],
  ["SReclaimable", "slabs that shrink when memory is short: dentries, inodes"],
  ["SUnreclaim", "slabs that stay"],
  ["KernelStack", "stacks of threads in the kernel"],
  ["ShadowCallStack", "shadow stacks of threads in the kernel"],
  ["PageTables", "page tables of programs"],
  ["SecPageTables", "page tables of guests and devices"],
  ["Percpu", "kernel data that each CPU has a copy of"],
  ["Zswap", "compressed pages, swapped out into memory"],
  ["Hugetlb", "huge pages that were set aside, used or not"],
];

/** The explanation of one or more texts. */
export function explainMeminfo(samples: readonly Sample<Meminfo>[]): string[] {
  return samples.flatMap(({ label, data }) => [
    ...(samples.length > 1 && label ? [`${label}:`] : []),
    ...textLines(data),
    "",
  ]);
}

/** Lines without which the others do not tell what is left over. */
const NEEDED = [["MemFree"], ["Cached", "FilePages"], ["AnonPages"], ["Slab"]];

function textLines({ node, lines }: Meminfo): string[] {
  const held = HOLDERS.flatMap(([name, what]) => {
    const kib = heldBy(name, lines);
    return kib === undefined ? [] : [{ name, what, kib }];
  });
  const { MemTotal: total = 0 } = lines;
  const rest = total - held.reduce((sum, { kib }) => sum + kib, 0);
  const share = (kib: number) =>
    total > 0 && kib <= total ? percent(kib / total) : "";
  const whole = total > 0 &&
    NEEDED.every((names) => names.some((name) => name in lines));
  return [
    total === 0
      ? "MemTotal is missing: no shares."
      : `${mebibytes(total * KIB)} of memory in ${
        node === undefined ? "the machine" : `node ${node}`
      }:`,
    ...table([
      ["", "memory", "share", ""],
      ...held.map(({ name, what, kib }) => [
        name,
        mebibytes(kib * KIB),
        share(kib),
        what,
      ]),
      ...(whole && rest >= 0
        ? [[
          "(the rest)",
          mebibytes(rest * KIB),
          share(rest),
          "in none of these lines: what drivers, vmalloc and others took",
        ]]
        : []),
    ]),
    ...(whole && rest < 0
      ? [
        `These add up to ${
          mebibytes(-rest * KIB)
        } more than MemTotal: they were ` +
        "counted at different times, or do not belong together.",
      ]
      : []),
    ...remarks(lines),
  ];
}

/** KiB of a holder; undefined if the text does not tell. */
function heldBy(
  name: string,
  lines: Record<string, number>,
): number | undefined {
  if (lines[name] !== undefined) {
    // a node's FilePages include them
    return name === "SwapCached" && "FilePages" in lines
      ? undefined
      : lines[name];
  }
  if (name === "Hugetlb") { // a line since 4.19
    return (lines.HugePages_Total ?? 0) * (lines.Hugepagesize ?? 0) ||
      undefined;
  }
  // one line for all slabs before 2.6.19
  return name === "SUnreclaim" && !("SReclaimable" in lines)
    ? lines.Slab
    : undefined;
}

/** Shares of other lines. */
const SHARES: readonly (readonly [part: string, of: string, what: string])[] = [
  [
    "MemAvailable",
    "MemTotal",
    "what programs can have without swapping, as the kernel estimates it",
  ],
  ["SUnreclaim", "Slab", "slabs that stay"],
  ["Shmem", "Cached", "tmpfs and shared memory, given back by swapping only"],
  ["AnonHugePages", "AnonPages", "in transparent huge pages"],
  ["HugePages_Free", "HugePages_Total", "huge pages that nobody uses"],
  ["CmaFree", "CmaTotal", "free in CMA areas, for movable requests only"],
  ["SwapFree", "SwapTotal", "swap that is free"],
  ["Committed_AS", "CommitLimit", "what programs have been promised"],
];

function remarks(lines: Record<string, number>): string[] {
  return SHARES.flatMap(([part, of, what]) => {
    const [some, all] = [lines[part], lines[of]];
    if (some === undefined || !all) return [];
    const figure = part.startsWith("HugePages")
      ? `${some}`
      : mebibytes(some * KIB);
    return some <= all || part === "Committed_AS"
      ? [`${part} ${figure}, ${percent(some / all)} of ${of}: ${what}.`]
      : [`${part} ${figure} is more than ${of}: one of them cannot be true.`];
  });
}
