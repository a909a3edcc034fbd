/**
 * What malloc_info means.
 *
 * @module
 */
import type { Sample } from "../kind.ts";
import { listed, mebibytes, memory, percent, plural, table } from "../words.ts";
import type { Chunks, Heap, MallocInfo } from "./malloc_info.ts";

/** Heaps that are shown one by one: those that got most. */
const SHOWN = 20;

/** The explanation of one or more texts. */
export function explainMallocInfo(
  samples: readonly Sample<MallocInfo>[],
): string[] {
  return samples.flatMap(({ label, data }, i) => [
    ...(samples.length > 1 ? [`${label || `Text ${i + 1}`}:`] : []),
    ...textLines(data),
    "",
  ]);
}

function textLines({ heaps, total }: MallocInfo): string[] {
  const sum = heaps.reduce((n, { current }) => n + current, 0);
  const largest = heaps.toSorted((a, b) => b.current - a.current)
    .slice(0, SHOWN);
  return [
    `${plural(heaps.length, "heap")}, ${bytes(total.current)} from the system` +
    `${total.max > total.current ? ` (at most ${bytes(total.max)})` : ""}; ${
      total.mmap.count > 0
        ? `besides, ${plural(total.mmap.count, "block")} mapped: ${
          bytes(total.mmap.bytes)
        }`
        : "no block is mapped by itself"
    }.`,
    ...(sum === total.current ? [] : [
      `The heaps add up to ${
        bytes(sum)
      }, which is not the total: the text was ` +
      "written while the program ran, or lines are missing.",
    ]),
    ...(heaps.length > 1 ? ["", ...heapTable(largest)] : []),
    ...(heaps.length > SHOWN
      ? [`${heaps.length - SHOWN} smaller heaps are not shown.`]
      : []),
    ...(heaps.length > 1 ? [""] : []),
    ...largest.slice(0, 1).flatMap((heap) =>
      heapLines(
        heap,
        heaps.length > 1 ? `Heap ${heap.nr}` : "The heap",
        topOf(heap),
      )
    ),
    ...(heaps.length > 1 ? sumLines(heaps, total) : []),
    "In use counts what threads keep in their tcaches.",
  ];
}

function bytes(n: number): string {
  const exact = plural(n, "byte");
  return n < 2 ** 20 ? exact : `${exact} (${mebibytes(n)})`;
}

function heapTable(heaps: readonly Heap[]): string[] {
  return table([
    ["heap", "from the system", "at most", "fast bins", "bins", "free", ""],
    ...heaps.map(({ nr, current, max, fast, rest }) => [
      `${nr}`,
      ...[current, max, fast.bytes, rest.bytes].map(memory),
      current > 0 && fast.bytes + rest.bytes <= current
        ? percent((fast.bytes + rest.bytes) / current)
        : "",
      "",
    ]),
  ]);
}

/** What a heap's bytes are. */
function heapLines(heap: Heap, name: string, top?: Chunks): string[] {
  const { current, fast, rest } = heap;
  const free = fast.bytes + rest.bytes;
  if (free > current) {
    return [
      `${name}: ${bytes(free)} are free of ${
        bytes(current)
      } from the system, ` +
      "which cannot be.",
    ];
  }
  if (current === 0) return [`${name}: nothing from the system.`];
  const used = current - free;
  const what = top
    ? "in use"
    : "in use or in the top chunk, which glibc before " +
      "2.30 does not count";
  return [
    `${name}: ${bytes(current)} from the system; ` +
    (free === 0
      ? `nothing is free in fast bins and bins; ${bytes(used)} are ${what}.`
      : `${chunks(fast)} in fast bins, ${chunks(rest)} in bins${
        top
          ? `, ${
            top.count > 1 ? `${top.count} top chunks` : "the top chunk"
          } of ${bytes(top.bytes)} included`
          : ""
      }; ${bytes(used)} (${percent(used / current)}) are ${what}.`),
    ...largestLines(heap, free),
  ];
}

function chunks({ count, bytes: n }: Chunks): string {
  return count === 0
    ? "nothing"
    : `${bytes(n)} in ${plural(count, "free chunk")}`;
}

/** The top chunk, if it is counted: one chunk more than the bins hold. */
function topOf({ sizes, fast, rest }: Heap): Chunks | undefined {
  const count = fast.count + rest.count -
    sizes.reduce((n, size) => n + size.count, 0);
  const left = fast.bytes + rest.bytes -
    sizes.reduce((n, size) => n + size.bytes, 0);
  return count === 1 && left >= 0 ? { count, bytes: left } : undefined;
}

/** The sizes that hold most of what is free. */
function largestLines({ sizes }: Heap, free: number): string[] {
  const most = sizes.filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes).slice(0, 3);
  if (most.length === 0 || free === 0) return [];
  const texts = most.map(({ from, to, count, bytes: n, unsorted }) => {
    const more = [
      ...(unsorted ? ["unsorted"] : []),
      ...(count > 1 ? [bytes(n)] : []),
    ].join(", ");
    return `${plural(count, "chunk")} of ${span(from, to)} bytes${
      more && ` (${more})`
    }`;
  });
  return [`  Most of what is free: ${listed(texts)}.`];
}

/** Sizes of chunks; their lowest bits are flags, but a fast bin has one length. */
function span(from: number, to: number): string {
  if (to % 8 === 0) return `${to}`;
  const [low, high] = [from - from % 8, to - to % 8];
  return low === high ? `${low}` : `${low}..${high}`;
}

/** All heaps as one. */
function sumLines(heaps: readonly Heap[], total: Heap): string[] {
  const add = (chunks: readonly Chunks[]) => ({
    count: chunks.reduce((n, { count }) => n + count, 0),
    bytes: chunks.reduce((n, { bytes }) => n + bytes, 0),
  });
  const [fast, rest] = (["fast", "rest"] as const)
    .map((name) => add(heaps.map((heap) => heap[name])));
  const tops = heaps.map(topOf);
  const top = tops.every((chunk) => chunk !== undefined)
    ? add(tops)
    : undefined;
  const sum = { ...total, sizes: [], fast: fast!, rest: rest! };
  return heapLines(sum, "All heaps", top);
}
