/**
 * What /proc/pagetypeinfo means: for each order and type of request whether it
 * is served now, after compaction, or not, and why.
 *
 * @module
 */
import type { Sample, Setting } from "../kind.ts";
import { listed, percent, plural } from "../words.ts";
import { type Blocks, pagesIn, sumBlocks } from "./blocks.ts";
import { isCommon, REQUESTS, sourcesOf, takersOf } from "./mobility.ts";
import { MEANING, type Outlook, outlook, type Sources } from "./outlook.ts";
import { atomicNote, indexNote, sentence } from "./request_lines.ts";
import type { Pageblocks, PageTypeInfo } from "./pagetypeinfo.ts";
import { seriesLines } from "./series.ts";
import { LEGEND, zoneLines } from "./zone_table.ts";

/** One zone with its lists. */
interface Zone {
  all: Blocks;
  lists: Blocks[];
}

/** The explanation of one or more samples. */
export function explainPagetypes(
  samples: readonly Sample<PageTypeInfo>[],
  { pageBytes }: Setting,
): string[] {
  const sums = samples.map((sample) => ({
    ...sample,
    data: zonesOf(sample.data.free).map(({ all }) => all),
  }));
  const { free, pageblocks, mixed, pagesPerBlock } = samples.at(-1)!.data;
  const used = new Set<Outlook>();
  const counted = byZone(pageblocks);
  const spoiled = byZone(mixed);
  return [
    ...seriesLines(sums, pageBytes),
    ...(samples.length > 1 ? ["The last sample:", ""] : []),
    ...zonesOf(free).flatMap((zone) => {
      const key = keyOf(zone.all);
      return [
        ...typedLines(zone, counted.get(key), pageBytes, used),
        ...blockLines(counted.get(key), spoiled.get(key), pagesPerBlock),
        "",
      ];
    }),
    ...LEGEND,
    ...Object.entries(MEANING).filter(([word]) => used.has(word as Outlook))
      .map(([word, text]) => `${word}: ${text}.`),
  ];
}

function keyOf({ node, zone }: { node: number; zone: string }): string {
  return `${node} ${zone}`;
}

function byZone(rows: readonly Pageblocks[]): Map<string, Pageblocks> {
  return new Map(rows.map((row) => [keyOf(row), row]));
}

/** The zones, in the order in which they turn up. */
export function zonesOf(free: readonly Blocks[]): Zone[] {
  const zones = new Map<string, Blocks[]>();
  for (const list of free) {
    const lists = zones.get(keyOf(list)) ?? [];
    zones.set(keyOf(list), lists);
    lists.push(list);
  }
  return [...zones.values()].map((lists) => ({ all: sumBlocks(lists), lists }));
}

/** A zone; the words that stand in its table are added to `used`. */
function typedLines(
  { all, lists }: Zone,
  counted: Pageblocks | undefined,
  pageBytes: number,
  used: Set<Outlook>,
): string[] {
  if (pagesIn(all.blocks) === 0) return zoneLines(all, pageBytes);
  const names = REQUESTS.filter((type) => lists.some((l) => l.type === type));
  const orders = all.blocks.map((_, order) => order);
  const found = names.map((type) => {
    const sources = { ...sourcesOf(type, lists), ...movableOf(counted) };
    return orders.map((order) => outlook(sources, order));
  });
  for (const word of found.flat()) used.add(word);
  return [
    ...zoneLines(all, pageBytes, {
      titles: [...names.map((name) => name.toLowerCase()), ""],
      cells: (order) => [...found.map((outlooks) => outlooks[order]!), ""],
    }),
    ...names.map((name, i) => `  ${name} requests: ${sentence(found[i]!)}.`),
    ...atomicNote(lists),
    ...indexNote(all, found),
    ...listLines(all, lists),
  ];
}

/** Whether compaction has pageblocks to work on, if the text tells. */
function movableOf(counted?: Pageblocks): Pick<Sources, "movable"> {
  if (!counted) return {};
  const movable = counted.counts.some(([type, n]) =>
    n > 0 && (type === "Movable" || type === "CMA")
  );
  return { movable };
}

function listLines(all: Blocks, lists: readonly Blocks[]): string[] {
  const pages = pagesIn(all.blocks);
  const held = lists.filter(({ blocks }) => blocks.some((n) => n > 0));
  const special = held.filter(({ type }) => !isCommon(type!));
  const common = held.filter(({ type }) => isCommon(type!))
    .reduce((sum, { blocks }) => sum + pagesIn(blocks), 0);
  const least = held.some(({ capped }) => capped.length > 0) ? "at least " : "";
  return [
    ...held.map(({ type, blocks, capped }) => {
      const top = blocks.findLastIndex((n) => n > 0);
      const takers = takersOf(type!);
      return `  free ${type}: ${capped.length > 0 ? "at least " : ""}${
        plural(pagesIn(blocks), "page")
      }, ${percent(pagesIn(blocks) / pages)} of the free ones, in blocks ` +
        `up to order ${top}${takers ? `, for ${takers}` : ""}.`;
    }),
    ...(special.length > 0
      ? [
        `  ${common} of ${least}${pages} free pages are ${
          special.length > 1 ? "neither" : "not"
        } ${
          listed(special.map(({ type }) => type!), "nor")
        }: only these serve every ordinary request.`,
      ]
      : []),
  ];
}

function blockLines(
  counted?: Pageblocks,
  mixed?: Pageblocks,
  pagesPerBlock?: number,
): string[] {
  const length = pagesPerBlock === undefined
    ? ""
    : ` of ${plural(pagesPerBlock, "page")}`;
  const total = (counts: Pageblocks["counts"]) =>
    counts.reduce((sum, [, n]) => sum + n, 0);
  const lines = [];
  if (counted && total(counted.counts) > 0) {
    const all = total(counted.counts);
    const shares = counted.counts.filter(([, n]) => n > 0)
      .map(([type, n]) => `${type} ${n} (${percent(n / all)})`);
    lines.push(`  ${plural(all, "pageblock")}${length}: ${shares.join(", ")}.`);
  }
  if (mixed) {
    const some = mixed.counts.filter(([, n]) => n > 0)
      .map(([type, n]) => `${type} ${n}`);
    lines.push(
      some.length === 0
        ? "  No pageblock holds pages of another type (page_owner)."
        : `  Pageblocks that also hold pages of another type (page_owner): ${
          some.join(", ")
        }. An unmovable page keeps compaction from freeing its pageblock whole.`,
    );
  }
  return lines;
}
