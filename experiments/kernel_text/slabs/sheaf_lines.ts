/**
 * How many of the objects in use may lie free in sheaves, under Linux 7.2.
 *
 * @module
 */
import { sheafBound } from "../../../allocators/slab/sheaf_capacity.ts";
import { listed, memory } from "../words.ts";
import { CPU_BITS, cpuText } from "./slub_fit.ts";

/** Caches that are named. */
const NAMED = 3;

/** A cache that may have sheaves. */
export interface Sheaved {
  /** Its name. */
  name: string;
  /** Bytes of an object. */
  size: number;
  /** Objects in use, as the kernel counts. */
  activeObjects: number;
  /** Objects of a sheaf; 0: it has none. */
  capacity: number;
}

/** What the text says of sheaves: nothing, or how long they are. */
const RULES = {
  assumed:
    "If the kernel has sheaves (7.2), objects in use may be freed ones that " +
    "lie in sheaves: at most (2 x CPUs + 10) x 60 of a cache whose objects " +
    "have less than 256 bytes, x 28 below 1 KiB, x 12 below 4 KiB, x 4 above.",
  shown: "The kernel has sheaves: objects in use may be freed ones that lie " +
    "in sheaves, at most (2 x CPUs + 10) x sheaf of a cache.",
} as const;

/**
 * What sheaves may keep on a machine whose number of CPUs has as many bits as
 * one of `guesses`; nothing if none fits.
 */
export function sheafLines(
  caches: readonly Sheaved[],
  guesses: readonly { bits: number }[],
  capacity: keyof typeof RULES,
): string[] {
  if (guesses.length === 0) return [];
  const rule = RULES[capacity];
  const bits = [...new Set(guesses.map((guess) => guess.bits))];
  if (bits.includes(CPU_BITS)) return [rule];
  const cpus = 2 ** Math.max(...bits) - 1;
  const kept = caches.map(({ name, size, activeObjects, capacity }) => {
    const objects = Math.min(activeObjects, sheafBound(cpus, capacity));
    return { name, objects, bytes: objects * size };
  });
  const sum = kept.reduce((total, { bytes }) => total + bytes, 0);
  const used = caches.reduce(
    (all, one) => all + one.activeObjects * one.size,
    0,
  );
  const most = kept.filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes).slice(0, NAMED)
    .map(({ name, objects, bytes }) =>
      `${name} (${objects} objects, ${memory(bytes)})`
    );
  return [
    most.length === 0
      ? rule
      : `${rule} On ${cpuText(bits)} that is up to ${memory(sum)} of the ` +
        `${memory(used)} in use; most in ${listed(most)}.`,
  ];
}
