/**
 * Random traces that provoke what only jemalloc does, as `.rep` text.
 *
 * @module
 */
import { drawing, generate, huge, KINDS, power, Writer } from "./generate.ts";

/** One step of a kind of trace. */
type Step = (w: Writer, progress: number) => void;

/** Bytes of the requests that one round of "many" leaves free in one bin. */
const CROWDS = [132, 200, 330, 1100].map((kilobytes) => kilobytes * 1024);

/** Frees something if much is live, else does `otherwise`. */
function churn(w: Writer, most: number, otherwise: () => void): void {
  if (w.live.length > most || w.draw(10) < 4) w.free();
  else otherwise();
}

/** Kinds besides those that every malloc treats differently. */
const OWN_KINDS: Readonly<Record<string, Step>> = {
  aligned: (w) =>
    churn(w, 250, () =>
      w.allocate(
        w.draw(10) === 0 ? 0 : power(w, 20),
        "m",
        2 ** w.draw(23),
      )),
  cached: (w) =>
    churn(w, 250, () => {
      const size = 12_000 + w.draw(22_000);
      if (w.draw(4) === 0) w.realloc(size);
      else w.allocate(size, w.draw(3) ? "a" : "c");
    }),
  growing: (w) =>
    churn(w, 150, () => {
      if (w.draw(2)) w.realloc(w.draw(60) ? 16_000 + w.draw(900_000) : 0);
      else w.allocate(14_000 + w.draw(600_000));
    }),
  // More than 32 free extents of one bin, between blocks that keep them apart.
  many: (w, progress) => {
    const round = Math.floor(progress * 12);
    const within = progress * 12 % 1;
    const size = CROWDS[round % CROWDS.length]!;
    if (within < 0.5) {
      w.allocate(size + w.draw(24 * 1024));
      w.allocate([14_400, 40_000, 20_000][w.draw(3)]!);
    } else if (within < 0.7) {
      if (w.live.length > 1) w.free(w.draw(w.live.length / 2) * 2);
    } else if (within < 0.9) w.allocate(size + w.draw(26 * 1024));
    else w.free();
  },
  oversize: (w) =>
    churn(w, 25, () => {
      const size = w.draw(4)
        ? 7_200_000 + w.draw(2_000_000)
        : 16_000_000 + w.draw(40_000_000);
      const roll = w.draw(8);
      if (roll === 0) w.realloc(size);
      else if (roll === 1) w.allocate(size, "m", 2 ** w.draw(22));
      else if (roll === 2) w.allocate(size, "c");
      else if (roll === 3) w.allocate(size);
      else w.allocate(power(w, 20));
    }),
  // Many slabs, emptied at random and all at once.
  slabs: (w, progress) => {
    const falling = Math.floor(progress * 6) % 2 === 1;
    if (w.draw(20) < (falling ? 15 : 5)) w.free();
    else {w.allocate(
        [48, 320, 1200, 5000, 9000, 14_000][w.draw(6)]! - w.draw(16),
      );}
    if (w.draw(4000) === 0) { while (w.live.length > 0) w.free(); }
  },
  // Slabs of few blocks, of which some are free: which is taken next?
  waves: (w, progress) => {
    const falling = Math.floor(progress * 20) % 2 === 1;
    if (w.draw(20) < (falling ? 13 : 7) || w.live.length > 250) w.free();
    else if (w.draw(8) === 0) w.allocate(40_000 + w.draw(60_000));
    else w.allocate([7168, 10_240, 14_336][w.draw(3)]! - w.draw(16));
  },
  // Few blocks for long, then many at once, again and again.
  bursts: (w) => {
    const calm = w.draw(3) === 0;
    const size = calm ? 40_000 : [16, 2048, 4096][w.draw(3)]!;
    for (let times = w.draw(4); times >= 0; times--) {
      const count = calm ? 10 : 5 + w.draw(60);
      for (let i = 0; i < count; i++) w.allocate(size);
      for (let i = 0; i < count; i++) w.free(w.live.length - 1);
    }
  },
  nothing: (w) => {
    const roll = w.draw(12);
    if (roll === 0) w.command("f -1");
    else if (roll === 1) w.realloc(0);
    else if (roll === 2) w.allocate(huge(w), "a");
    else churn(w, 300, () => w.allocate(power(w, 16)));
  },
};

/** Every kind that jemalloc is held against. */
export const JEMALLOC_KINDS: readonly string[] = [
  ...Object.keys(KINDS),
  ...Object.keys(OWN_KINDS),
];

/** A trace of `kind` with `length` steps, without what only glibc knows. */
export function generateFor(
  kind: string,
  seed: number,
  length: number,
): string {
  const step = OWN_KINDS[kind];
  if (!step) return generate(kind, seed, length).replace(/^[tok] .*\n/gm, "");
  const w = new Writer(drawing(seed));
  for (let i = 0; i < length; i++) step(w, i / length);
  return w.text();
}
