/**
 * Random traces of every kind that a malloc treats differently, as `.rep`
 * text. The same kind, seed and length always give the same text.
 *
 * @module
 */

/** Draws whole numbers in [0, n). */
type Draw = (n: number) => number;

/** A trace under construction. */
export class Writer {
  readonly lines: string[] = [];
  readonly live: number[] = [];
  #ids = 0;
  readonly draw: Draw;

  constructor(draw: Draw) {
    this.draw = draw;
  }

  /** a, c or m with a fresh id, or one that was freed before. */
  allocate(size: number | bigint, letter = "a", alignment?: number): void {
    const id = this.#ids++;
    const middle = alignment === undefined ? "" : `${alignment} `;
    this.lines.push(`${letter} ${id} ${middle}${size}`);
    this.live.push(id);
  }

  /** Frees a random live object, or the newest or oldest one. */
  free(which = this.draw(this.live.length)): void {
    if (this.live.length === 0) return;
    this.lines.push(`f ${this.live[which]}`);
    this.live[which] = this.live.at(-1)!;
    this.live.pop();
  }

  realloc(size: number | bigint): void {
    if (this.live.length === 0) return this.allocate(size);
    this.lines.push(`r ${this.live[this.draw(this.live.length)]} ${size}`);
  }

  command(line: string): void {
    this.lines.push(line);
  }

  text(): string {
    const { lines } = this;
    return `0\n${this.#ids}\n${lines.length}\n1\n${lines.join("\n")}\n`;
  }
}

/** One step of a kind of trace; `progress` runs from 0 to 1. */
type Step = (w: Writer, progress: number) => void;

/** Random memory use around `target` live objects. */
function churn(w: Writer, target: number, size: () => number | bigint): void {
  if (w.live.length === 0 || w.draw(2 * target) >= w.live.length) {
    w.allocate(size());
  } else w.free();
}

/** Sizes with equal probability per power of two below 2^`bits`. */
export function power(w: Writer, bits: number): number {
  return w.draw(2 ** (1 + w.draw(bits)));
}

const near = (w: Writer, centre: number, radius: number) =>
  Math.max(0, centre - radius + w.draw(2 * radius + 1));

const EDGES = [
  24,
  64,
  72,
  120,
  128,
  136,
  160,
  504,
  512,
  1000,
  1008,
  1024,
  1032,
  1040,
  3072,
  10_752,
  45_056,
  65_520,
  131_040,
  131_072,
  163_840,
  262_144,
  524_288,
];

/** Refused in every geometry, or, as a size_t of 32 bits, around 2^31 or 0. */
const HUGE = [
  2n ** 47n,
  2n ** 53n,
  2n ** 63n,
  2n ** 63n + 2n ** 31n,
  2n ** 64n,
];
/** Served where there is room; not to be cleared or copied by a test. */
const VAST = [2n ** 31n, 2n ** 32n];

/** Something within 40,000 bytes of one of `centres`. */
export function huge(w: Writer, centres: readonly bigint[] = HUGE): bigint {
  const centre = centres[w.draw(centres.length)]!;
  const size = centre - 40_000n + BigInt(w.draw(80_000));
  // realloc treats the last seven before 2^63 apart; doubles cannot.
  if (size < 2n ** 63n && size >= 2n ** 63n - 7n) return 2n ** 63n;
  return size < 2n ** 64n ? size : 2n ** 64n - 1n;
}

/** A command to the allocator, or a move of the break by somebody else. */
function control(w: Writer, wholePages: boolean): void {
  switch (w.draw(11)) {
    case 0:
      if (wholePages) return w.command(`k ${4096 * w.draw(40)}`);
      return w.command(`k ${w.draw(4) === 0 ? w.draw(100_000) : w.draw(40)}`);
    case 1:
      return w.command(`t ${power(w, 20)}`);
    case 2:
      return w.command(`o 1 ${w.draw(200)}`);
    case 3:
      return w.command(`o -1 ${power(w, 20)}`);
    case 4:
      return w.command(`o -2 ${power(w, 19)}`);
    case 5:
      return w.command(`o -3 ${power(w, 20)}`);
    case 6:
      return w.command(`o -4 ${w.draw(4) === 0 ? 65_536 : w.draw(5) - 1}`);
    case 7:
      return w.command(`o ${w.draw(20) - 10} ${w.draw(1000)}`);
    case 8:
      return w.command("k 4096");
    case 9:
      return w.command(`o -2 -${power(w, 18)}`);
    default:
      return w.command(`o ${-1 - 2 * w.draw(2)} -${power(w, 18)}`);
  }
}

function odd(w: Writer, wholePages: boolean): void {
  const roll = w.draw(30);
  if (roll === 0) control(w, wholePages);
  else if (roll === 1) w.realloc(power(w, 19));
  else if (roll === 2) w.allocate(power(w, 12), "m", 2 ** w.draw(14));
  else churn(w, 150, () => power(w, 18));
}

/** Each kind as a step; the kinds differ in what they provoke. */
export const KINDS: Readonly<Record<string, Step>> = {
  tiny: (w) => churn(w, 400, () => w.draw(80)),
  uniform: (w) => churn(w, 1000, () => w.draw(2048)),
  power: (w) => churn(w, 600, () => power(w, 17)),
  phases: (w, progress) => {
    const phase = Math.floor(progress * 8);
    const shrinking = phase % 2 === 1;
    const size = w.draw([64, 700, 5000, 40_000][phase >> 1]!);
    if (shrinking ? w.draw(10) < 8 : w.draw(10) < 3) w.free();
    else w.allocate(size);
  },
  large: (w) => churn(w, 200, () => 1000 + w.draw(2 ** (10 + w.draw(8)))),
  thresholds: (w) =>
    churn(w, 120, () => near(w, EDGES[w.draw(EDGES.length)]!, 40)),
  huge: (w) => {
    const roll = w.draw(40);
    if (roll === 0) w.allocate(huge(w));
    else if (roll === 5) {
      w.allocate(huge(w, VAST));
      w.free(w.live.length - 1);
    } else if (roll === 1) w.allocate(huge(w), "c");
    else if (roll === 2) w.realloc(huge(w));
    else if (roll === 3) w.allocate(huge(w), "m", 2 ** w.draw(22));
    else if (roll === 4) w.allocate(w.draw(200), "m", 2 ** w.draw(26));
    else churn(w, 300, () => power(w, 19));
  },
  realloc: (w) => {
    if (w.draw(3) > 0) w.realloc(w.draw(40) === 0 ? 0 : power(w, 14));
    else churn(w, 200, () => power(w, 12));
  },
  big_realloc: (w) => {
    if (w.draw(3) > 0) w.realloc(power(w, 22));
    else churn(w, 40, () => power(w, 21));
  },
  mixed: (w) => {
    const roll = w.draw(4);
    if (w.live.length > 400) w.free();
    else if (roll === 0) w.allocate(power(w, 13), "c");
    else if (roll === 1) {
      const alignment = w.draw(8) === 0 ? w.draw(3000) : 2 ** w.draw(17);
      w.allocate(power(w, 13), "m", alignment);
    } else if (roll === 2) w.free();
    else w.realloc(power(w, 12));
  },
  trim: (w, progress) => {
    const roll = w.draw(200);
    if (roll === 0) w.command(`t ${power(w, 18)}`);
    else if (roll === 1) {
      w.command(`k ${w.draw(2) ? w.draw(200) : 4096 * w.draw(9)}`);
    } else if (Math.floor(progress * 12) % 2 === 0) w.allocate(power(w, 17));
    else if (w.draw(4) > 0) {
      w.free(w.draw(3) === 0 ? undefined : w.live.length - 1);
    } else w.allocate(power(w, 10));
  },
  unsorted: (w, progress) => {
    const round = progress * 2 % 1;
    if (round < 0.7) {
      w.allocate(1040 + w.draw(4) * 160);
      w.allocate(24);
    } else if (round < 0.98) {
      if (w.live.length > 1) w.free(w.draw(w.live.length / 2) * 2);
    } else churn(w, 500, () => power(w, 12));
  },
  odd: (w) => odd(w, false),
  odd_pages: (w) => odd(w, true),
};

/**
 * Leaves 10,001 chunks on the unsorted list if nothing is cached: short ones,
 * the 10,000th longer than the request that follows, the last just as long.
 */
function tenThousand(): string {
  const w = new Writer(() => 0);
  const count = 10_001;
  for (let i = 1; i <= count; i++) {
    w.allocate(i === count - 1 ? 500 : i === count ? 400 : 24);
    w.allocate(24);
  }
  for (let i = 0; i < count; i++) w.command(`f ${2 * i}`);
  w.allocate(400);
  w.allocate(400);
  return w.text();
}

/**
 * A trace of `kind` with `length` steps; "ten_thousand" is no random one and
 * has a length of its own.
 */
export function generate(kind: string, seed: number, length: number): string {
  if (kind === "ten_thousand") return tenThousand();
  const step = KINDS[kind];
  if (!step) throw new RangeError(`Unknown kind of trace "${kind}"`);
  const w = new Writer(drawing(seed));
  for (let i = 0; i < length; i++) step(w, i / length);
  return w.text();
}

/** Marsaglia's xorshift on 32 bits, seeded through a multiplicative hash. */
export function drawing(seed: number): Draw {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  return (n) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor((state >>> 0) / 2 ** 32 * n);
  };
}

/**
 * qemu places mappings by rules of its own, so that alignments above a page,
 * and whether there is room for another 2 GiB, come out differently.
 */
export function forQemu(text: string): string {
  return text.replace(
    /^m (\d+) (\d+)/gm,
    (_, id, alignment) => `m ${id} ${Math.min(4096, Number(alignment))}`,
  ).replace(/\d{10,}$/gm, (size) => {
    const bytes = BigInt.asUintN(32, BigInt(size));
    return String(bytes >> 30n === 1n ? 2n ** 31n : bytes);
  });
}
