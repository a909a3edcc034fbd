/**
 * Sizes that the names of general caches tell: `kmalloc-64`, `size-2048(DMA)`.
 *
 * @module
 */
import { mebibytes, plural } from "../words.ts";
import type { Cache } from "./cache.ts";

const NAMED =
  /^(?:dma-)?(?:kmalloc|size|memdup_user|msg_msg)(?:-(?:rcl|cg|(?:rnd|part)-\d+|no-objext))?-(\d{1,9})([kM]?)(?:\(.*\))?$/;
const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  k: 2 ** 10,
  M: 2 ** 20,
};

/** The size in a cache's name, in bytes; undefined if there is none. */
export function namedBytes(name: string): number | undefined {
  const found = NAMED.exec(name);
  return found ? Number(found[1]) * UNITS[found[2]!]! : undefined;
}

/**
 * What follows if objects are longer than their caches' names say: something
 * is kept beside each of them.
 */
export function debugNote(caches: readonly Cache[]): string[] {
  const longer = caches.flatMap((cache) => {
    const bytes = namedBytes(cache.name);
    return bytes !== undefined && bytes > 0 && cache.size > bytes
      ? [{ cache, bytes }]
      : [];
  });
  if (longer.length === 0) return [];
  const { cache: { name, size }, bytes } = longer[0]!;
  const extra = longer.reduce(
    (sum, { cache, bytes }) => sum + cache.objects * (cache.size - bytes),
    0,
  );
  return [
    `${
      plural(longer.length, "cache has", "caches have")
    } longer objects than the name says (${name}: ${size} bytes for ${bytes}): ` +
    "the kernel keeps something beside every object, as with slub_debug (red " +
    "zones, owners), KASAN or a minimal alignment of DMA. " +
    `${mebibytes(extra)} of these caches' room is that.`,
  ];
}
