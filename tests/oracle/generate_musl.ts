/**
 * Random traces that provoke what only musl does, as `.rep` text.
 *
 * @module
 */
import { STRIDE } from "../../allocators/musl/classes.ts";
import { drawing, generate, KINDS, Writer } from "./generate.ts";

/** One step of a kind of trace. */
type Step = (w: Writer, progress: number) => void;

/** Classes whose groups can bounce. */
const [FIRST, LAST] = [7, 38];

/** Kinds besides those that every malloc treats differently. */
const OWN_KINDS: Readonly<Record<string, Step>> = {
  // Few blocks of a class, again and again: its groups, alone in a mapping or not, bounce.
  bouncing: (w, progress) => {
    const c = FIRST + Math.floor(progress * (LAST - FIRST + 1));
    const most = STRIDE[c]! - 4;
    w.allocate(most - w.draw(w.draw(2) ? 9 : STRIDE[c]! >> 3));
    if (w.draw(3) === 0) w.allocate(most - w.draw(9));
    while (w.live.length > w.draw(3)) w.free();
  },
  // A group of many slots bounces while others of its class are full.
  lone: (w, progress) => {
    if (progress < 0.7) w.allocate(140);
    else {
      w.allocate(140);
      w.free(w.live.length - 1);
    }
  },
};

/** Every kind that musl is held against. */
export const MUSL_KINDS: readonly string[] = [
  ...Object.keys(KINDS),
  ...Object.keys(OWN_KINDS),
];

/** A trace of `kind` with `length` steps, without commands to glibc's malloc. */
export function generateForMusl(
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
