/**
 * Watermarks: how many free pages a zone keeps, and the sizes of per-CPU lists
 * that follow from them. Facts from Linux 6.1 to 7.2, mm/page_alloc.c and
 * mm/khugepaged.c; predicted and seen in zoneinfo of 12 machines.
 *
 * @module
 */
import { PAGE } from "../pages.ts";
import { PAGEBLOCK_ORDER } from "./linux_area.ts";

/** vm.watermark_scale_factor, in ten-thousandths of the zone. */
const SCALE = 10;
/** Pages of memory from which on transparent huge pages are on by themselves. */
const HUGE_PAGES_FROM = 2 ** 17;
/**
 * Pageblocks per zone that khugepaged wants free: two, and one for each pair
 * of the three types that fall back on each other.
 */
export const HUGE_BLOCKS: number = 2 + 3 * 3;
/** Pages of a PC's DMA zone that the kernel manages. */
const DMA_PAGES = 3840;
/** Page frame at which the DMA32 zone ends. */
const DMA32_END = 2 ** 20;

/** Free pages at which something happens, in pages. */
export interface Watermarks {
  /** Ordinary requests leave so many. */
  min: number;
  /** Below: reclaim starts. */
  low: number;
  /** Above: reclaim stops. */
  high: number;
  /** Above: pages of slower memory are promoted. */
  promo: number;
}

/** Free pages that khugepaged wants in `zones` populated zones. */
export function hugePageMinimum(zones: number): number {
  return zones * HUGE_BLOCKS << PAGEBLOCK_ORDER;
}

/** The watermarks of a zone of `pages` with that `min`. */
export function watermarks(min: number, pages: number): Watermarks {
  const step = Math.max(min >> 2, Math.floor(pages * SCALE / 10_000));
  return { min, low: min + step, high: min + 2 * step, promo: min + 3 * step };
}

/**
 * vm.min_free_kbytes as the kernel sets it, in KiB, by the pages of each
 * populated zone; `hugePages`: whether khugepaged runs.
 */
export function minFreeKib(
  zones: readonly number[],
  hugePages: boolean = total(zones) >= HUGE_PAGES_FROM,
): number {
  const kib = total(zones) * (PAGE / 1024);
  const root = Math.floor(Math.sqrt(16 * kib));
  const usual = Math.min(Math.max(root, 128), 262_144);
  if (!hugePages) return usual;
  const most = Math.floor(total(zones) / 20);
  const pages = Math.min(hugePageMinimum(zones.length), most);
  return Math.max(usual, pages * (PAGE / 1024));
}

/**
 * The min watermark of a zone of `pages`, one of `zones`: its share of
 * vm.min_free_kbytes, in pages.
 */
export function minShare(
  pages: number,
  zones: readonly number[],
  kib: number = minFreeKib(zones),
): number {
  const free = Math.floor(kib / (PAGE / 1024));
  return Math.floor(free * pages / total(zones));
}

/**
 * The min watermark of the largest zone of a PC, which has `pages`: a DMA zone
 * is beside it, and a full DMA32 zone if it lies above 4 GiB.
 */
export function usualMin(pages: number): number {
  if (pages <= DMA_PAGES) return minShare(pages, [pages]);
  const zones = [DMA_PAGES, pages];
  if (pages > DMA32_END) zones.push(DMA32_END - DMA_PAGES);
  return minShare(pages, zones);
}

/** Pages that a per-CPU list of a zone of `pages` is refilled with at first. */
export function usualBatch(pages: number): number {
  const base = Math.max(1, Math.min(pages >> 10, 256) >> 2);
  return Math.max(1, 2 ** Math.floor(Math.log2(base + (base >> 1))) - 1);
}

/**
 * The least and the most pages that a CPU keeps on its lists before it drains
 * them: a share of the low watermark, and of an eighth of the zone.
 */
export function highBounds(
  pages: number,
  { low, cpus, batch }: { low: number; cpus: number; batch: number },
): [lowest: number, highest: number] {
  const share = (all: number) => Math.max(4 * batch, Math.floor(all / cpus));
  return [share(low), share(pages >> 3)];
}

function total(zones: readonly number[]): number {
  return zones.reduce((sum, pages) => sum + pages, 0);
}
