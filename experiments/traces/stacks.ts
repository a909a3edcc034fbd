/**
 * Call stacks as recorders number them: a tree of addresses of code, and the
 * modules that lie there.
 *
 * @module
 */
import type { Names } from "./lines.ts";
import { BETWEEN_FRAMES, MAX_SITE, MAX_SITES } from "./sites.ts";

/** Frames of a site, from the innermost on. */
const DEPTH = 8;
/** Stacks that are kept: 256 MiB at most. */
const MAX_STACKS = 2 ** 24;
/** Parts of all modules that are loaded at once. */
const MAX_PARTS = 2 ** 16;

/** A part of a module that lies in memory from `low` to `high`. */
interface Part {
  low: number;
  high: number;
  name: string;
  base: number;
}

/**
 * The stacks of one recording; stack 0 is the empty one. Sites beyond
 * {@linkcode MAX_SITES} are not told apart: they are 0, not known.
 */
export class Stacks {
  /** Path of the program, for the module that is called `x`. */
  program = "";
  readonly #names: Names;
  /** Number of every site's text. */
  readonly #numbers = new Map<string, number>();
  // Entry n belongs to stack n: the innermost frame, the stack of its caller,
  // which is lower, and its site; -1: not known yet.
  #frames = new Float64Array(1024);
  #callers = new Int32Array(1024);
  #sites = new Int32Array(1024);
  #count = 1;
  /** Sorted by `low`, unless `#sorted` is false. */
  #parts: Part[] = [];
  #sorted = true;
  /** The text of every frame, given the modules that are loaded. */
  readonly #texts = new Map<number, string>();

  /** No stacks; their sites go to `names`. */
  constructor(names: Names) {
    this.#names = names;
  }

  /** No modules are loaded. */
  forgetModules(): void {
    this.#parts = [];
    this.#texts.clear();
  }

  /**
   * `name` lies at `base`: `parts` are offset, bytes, offset, bytes, ... False
   * if there is no room.
   */
  addModule(name: string, base: number, parts: readonly number[]): boolean {
    const path = name === "x" && this.program !== "" ? this.program : name;
    const file = path.slice(path.lastIndexOf("/") + 1);
    const shown = file.replace(/[\p{C}\ufffd]/gu, "?").replace(/\s+/g, " ");
    for (let i = 0; i + 1 < parts.length; i += 2) {
      if (this.#parts.length === MAX_PARTS) return false;
      const low = base + parts[i]!;
      this.#parts.push({ low, high: low + parts[i + 1]!, name: shown, base });
    }
    this.#sorted = false;
    this.#texts.clear();
    return true;
  }

  /**
   * Adds the next stack: `frame`, called from stack `caller`. False if there
   * is no such stack, or no room.
   */
  add(frame: number, caller: number): boolean {
    const number = this.#count;
    if (caller >= number || number === MAX_STACKS) return false;
    if (number === this.#frames.length) this.#grow();
    this.#frames[number] = frame;
    this.#callers[number] = caller;
    this.#sites[number] = -1;
    this.#count++;
    return true;
  }

  /** The site of `stack`, 0 for the empty one; -1 if there is no such stack. */
  siteOf(stack: number): number {
    if (stack >= this.#count) return -1;
    const site = this.#sites[stack]!;
    return site >= 0 ? site : this.#newSite(stack);
  }

  #newSite(stack: number): number {
    const frames: string[] = [];
    let length = -BETWEEN_FRAMES.length;
    for (let at = stack; at > 0 && frames.length < DEPTH;) {
      const text = this.#text(this.#frames[at]!);
      length += BETWEEN_FRAMES.length + text.length;
      if (length > MAX_SITE) break;
      frames.push(text);
      at = this.#callers[at]!;
    }
    const text = frames.join(BETWEEN_FRAMES);
    const { sites } = this.#names;
    let site = this.#numbers.get(text);
    if (site === undefined) {
      site = this.#numbers.size + 1;
      if (site > MAX_SITES) site = 0;
      else {
        this.#numbers.set(text, site);
        sites[site] = text;
      }
    }
    return this.#sites[stack] = site;
  }

  /** `frame` as module+offset; as an address if no module lies there. */
  #text(frame: number): string {
    let text = this.#texts.get(frame);
    if (text === undefined) {
      const part = this.#partAt(frame);
      text = part
        ? `${part.name}+0x${(frame - part.base).toString(16)}`
        : `0x${frame.toString(16)}`;
      this.#texts.set(frame, text);
    }
    return text;
  }

  #partAt(address: number): Part | undefined {
    if (!this.#sorted) this.#parts.sort((a, b) => a.low - b.low);
    this.#sorted = true;
    let [low, high] = [0, this.#parts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#parts[middle]!.low <= address) low = middle + 1;
      else high = middle;
    }
    const part = this.#parts[low - 1];
    return part && address < part.high ? part : undefined;
  }

  #grow(): void {
    const length = 2 * this.#frames.length;
    const frames = new Float64Array(length);
    frames.set(this.#frames);
    this.#frames = frames;
    [this.#callers, this.#sites] = [this.#callers, this.#sites].map((old) => {
      const longer = new Int32Array(length);
      longer.set(old);
      return longer;
    }) as [Int32Array<ArrayBuffer>, Int32Array<ArrayBuffer>];
  }
}
