/**
 * Seeded random draws: the same seed and label give the same numbers.
 *
 * The generator is xoroshiro128+ of npm's pure-rand. Its own seeding lets
 * neighbouring seeds begin alike, so the state is hashed from seed and label
 * (FNV-1a over both, finished by the mixer of MurmurHash3). Draws have 32 bits.
 *
 * @module
 */
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

/** A stream of random numbers; a call draws a uniform number in [0, 1). */
export interface Prng {
  /** A uniform number in [0, 1), a multiple of 2^-32. */
  (): number;
  /** A uniform integer in 0..2^32 - 1: an index for lookup tables. */
  bits(): number;
  /** A uniform integer in 0..`n` - 1, n <= 2^32; its bias is below n / 2^32. */
  below(n: number): number;
  /** A stream of its own: independent of this one and of what it has drawn. */
  fork(label: string): Prng;
  /** Where the stream is, for snapshots. */
  readonly generator: object;
}

/** The stream of `seed`, an integer >= 0; streams of other labels are independent. */
export function prng(seed: number, label = ""): Prng {
  const text = `${seed}:${label}`;
  const state = [1, 2, 3, 4].map((word) => hash(text, word));
  const generator = xoroshiro128plusFromState(state);
  const bits = () => generator.next() >>> 0;
  const uniform = () => (generator.next() >>> 0) / 2 ** 32;
  return Object.assign(uniform, {
    generator,
    bits,
    below: (n: number) => Math.floor((generator.next() >>> 0) / 2 ** 32 * n),
    fork: (name: string) => prng(seed, `${label}/${name}`),
  });
}

/** 32 bits that depend on every character of `text` and on `word`. */
function hash(text: string, word: number): number {
  let h = Math.imul(0x811c9dc5 ^ word, 0x01000193);
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  }
  h = Math.imul(h ^ h >>> 16, 0x85ebca6b);
  h = Math.imul(h ^ h >>> 13, 0xc2b2ae35);
  return h ^ h >>> 16;
}
