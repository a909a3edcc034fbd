/**
 * /proc/buddyinfo, /proc/pagetypeinfo and /proc/slabinfo explained: the
 * indexes with what they mean, and every cache beside its predicted geometry.
 *
 * @module
 */
import {
  availability,
  extfragForOrder,
  fragmentationIndex,
  sawicki,
  unusableFreeIndex,
} from "../../allocators/buddy/indexes.ts";
import { PAGE } from "../../allocators/pages.ts";
import { slubOrder, type SlubRules } from "../../allocators/slab/slub.ts";
import { textTable } from "../measures/text_table.ts";
import { unexpected } from "../traces/lines.ts";
import {
  parseBuddyinfo,
  parsePagetypeinfo,
  parseSlabinfo,
  type SlabInfo,
  type ZoneBlocks,
} from "./proc.ts";

/** Index above which the kernel compacts rather than reclaims, thousandths. */
const EXTFRAG_THRESHOLD = 500;
/** fls of the numbers of CPUs that are tried: 1 .. 256 and more. */
const CPU_BITS = 9;

/** Whether `text` begins as one of the texts that can be explained. */
export function isProcText(text: string): boolean {
  return /^(slabinfo - version|Page block order:|Node\s+\d+, zone)/.test(text);
}

/** The explanation; throws `SyntaxError` with file and line. */
export function explainProc(name: string, text: string): string {
  if (!isProcText(text)) {
    const expected = "the text of /proc/buddyinfo, pagetypeinfo or slabinfo";
    throw unexpected(name, 1, expected, text.split("\n", 1)[0]!);
  }
  const lines = text.startsWith("slabinfo")
    ? slabLines(parseSlabinfo(name, text))
    : text.startsWith("Page block")
    ? pagetypeLines(name, text)
    : parseBuddyinfo(name, text).flatMap(zoneLines);
  return lines.join("\n") + "\n";
}

function pagetypeLines(name: string, text: string): string[] {
  const { free, pageblocks, pagesPerBlock } = parsePagetypeinfo(name, text);
  return pageblocks.flatMap(({ node, zone, types }) => {
    const lists = free.filter((f) => f.node === node && f.zone === zone);
    const blocks = (lists[0]?.blocks ?? []).map((_, order) =>
      lists.reduce((sum, list) => sum + list.blocks[order]!, 0)
    );
    const all = Object.values(types).reduce((sum, n) => sum + n, 0);
    const shares = Object.entries(types).filter(([, n]) => n > 0)
      .map(([type, n]) => `${type} ${n} (${percent(n / all)})`);
    return [
      ...zoneLines({ node, zone, blocks }),
      `  ${all} pageblocks of ${pagesPerBlock} pages: ${shares.join(", ")}.`,
      ...lists.filter(({ blocks }) => blocks.some((n) => n > 0)).map((list) =>
        `  free ${list.type}: ${pagesIn(list.blocks)} pages, ${
          percent(pagesIn(list.blocks) / pagesIn(blocks))
        } of the free ones.`
      ),
      "",
    ];
  });
}

function zoneLines({ node, zone, blocks }: ZoneBlocks): string[] {
  const pages = pagesIn(blocks);
  const head = `Node ${node}, zone ${zone}: ${pages} pages free ` +
    `(${mebibytes(pages * PAGE)}), Sawicki's index ${
      sawicki(blocks).toFixed(3)
    }`;
  if (pages === 0) return [head, "  Nothing is free.", ""];
  const rows = blocks.map((count, order) => [
    `${order}`,
    `${count}`,
    thousandths(unusableFreeIndex(blocks, order)),
    `${extfragForOrder(blocks, order)}`,
    thousandths(fragmentationIndex(blocks, order)),
    percent(availability(blocks, order)),
    meaning(blocks, order),
  ]);
  const titles = ["order", "blocks", "unusable", "extfrag %", "index"];
  return [head, ...table([[...titles, "available", ""], ...rows]), ""];
}

/** What happens to a request of `order`, in words. */
function meaning(blocks: readonly number[], order: number): string {
  const index = fragmentationIndex(blocks, order);
  if (index === -1000) {
    const unusable = unusableFreeIndex(blocks, order);
    if (unusable === 0) return "served, and by all that is free";
    return unusable < EXTFRAG_THRESHOLD
      ? "served; most of what is free could"
      : "served, but most of what is free lies in pieces too small";
  }
  return index > EXTFRAG_THRESHOLD
    ? "fails, because free memory is fragmented: compaction helps"
    : "fails, because memory is short: reclaim helps";
}

function slabLines(caches: readonly SlabInfo[]): string[] {
  const { bits, rules, hits } = likeliest(caches);
  const rows = caches.map((cache) => {
    const { name, size, objectsPerSlab, pagesPerSlab } = cache;
    const order = predicted(size, bits, rules);
    const objects = Math.floor((PAGE << order) / size);
    const same = objects === objectsPerSlab && 1 << order === pagesPerSlab;
    const slab = pagesPerSlab * PAGE;
    const idle = (cache.objects - cache.activeObjects) * size;
    return [
      name,
      `${size}`,
      `${objectsPerSlab}`,
      `${objects}`,
      `${pagesPerSlab}`,
      `${1 << order}`,
      percent(1 - objectsPerSlab * size / slab),
      mebibytes(cache.slabs * slab),
      mebibytes(idle),
      same ? "" : "differs",
    ];
  });
  const held = caches.reduce((n, c) => n + c.slabs * c.pagesPerSlab, 0) * PAGE;
  const used = caches.reduce((n, c) => n + c.activeObjects * c.size, 0);
  const room = caches.reduce((n, c) => n + c.objects * c.size, 0);
  const least = 2 ** (bits - 1);
  return [
    ...table([[
      ...["cache", "size", "objects/slab", "predicted", "pages/slab"],
      ...["predicted", "tail waste", "held", "idle", ""],
    ], ...rows]),
    "",
    `${hits} of ${caches.length} caches are as SLUB lays them out on ${
      bits === CPU_BITS
        ? `${least} CPUs or more`
        : `${least}..${2 * least - 1} CPUs`
    } by the rules ${rules === "new" ? "from 6.8 on" : "up to 6.6"}.`,
    `${mebibytes(held)} held: ${percent(used / held)} in use, ${
      percent((room - used) / held)
    } free objects, ${percent((held - room) / held)} tails of slabs.`,
  ];
}

/** The number of CPUs and the rules that explain most caches. */
function likeliest(
  caches: readonly SlabInfo[],
): { bits: number; rules: SlubRules; hits: number } {
  let best = { bits: 1, rules: "new" as SlubRules, hits: -1 };
  for (const rules of ["new", "old"] as const) {
    for (let bits = 1; bits <= CPU_BITS; bits++) {
      const hits = caches.filter(({ size, objectsPerSlab, pagesPerSlab }) => {
        const order = predicted(size, bits, rules);
        return 1 << order === pagesPerSlab &&
          Math.floor((PAGE << order) / size) === objectsPerSlab;
      }).length;
      if (hits > best.hits) best = { bits, rules, hits };
    }
  }
  return best;
}

/** The order of slabs; 0 for sizes that SLUB has no slabs for. */
function predicted(size: number, bits: number, rules: SlubRules): number {
  return size >= 8 && size <= PAGE << 10 ? slubOrder(size, bits, rules) : 0;
}

function pagesIn(blocks: readonly number[]): number {
  return blocks.reduce((sum, n, order) => sum + n * 2 ** order, 0);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function thousandths(index: number): string {
  return (index / 1000).toFixed(3);
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

/** Columns side by side: words at both ends, numbers between them. */
function table(rows: readonly (readonly string[])[]): string[] {
  const last = rows[0]!.length - 1;
  const align = rows[0]!.map((_, c) =>
    c === 0 || c === last ? "left" : "right"
  );
  return textTable(rows, align).slice(0, -1).split("\n");
}
