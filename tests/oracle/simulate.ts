/**
 * Replays a trace against the simulated malloc and prints what the C replayer
 * prints of the real one, the places of mappings, resident pages and faults
 * aside.
 *
 * @module
 */
import type { Glibc } from "../../allocators/glibc/glibc.ts";
import type { PageSource } from "../../allocators/pages.ts";
import { NULL } from "../../allocators/allocator.ts";
import type { Rep } from "./rep.ts";

/** A malloc under test, and the memory below it. */
export interface Machine {
  /** The heap, untouched. */
  readonly heap: Glibc;
  /** What it lies in; foreign sbrk goes there. */
  readonly source: PageSource;
}

/** How to replay. */
export interface Manner {
  /** Operations between lines of figures; 0: none but the last. */
  every: number;
  /** Called after each operation, with its index. */
  after?(op: number): void;
}

const code = (letter: string) => letter.charCodeAt(0);
const [A, C, M, R, F, T, O, K, RUN, END] = [..."acmrftokTE"].map(code);

/**
 * The lines of a replay of `rep`. A realloc that fails loses the block, as
 * `p = realloc(p, n)` does; where the trace has threads it keeps it.
 */
export function simulate(
  { heap, source }: Machine,
  rep: Rep,
  { every, after }: Manner,
): string[] {
  const address = new Float64Array(rep.ids + 1).fill(NULL);
  const asked = new Float64Array(rep.ids + 1);
  const keeps = rep.kind.includes(RUN!);
  // Where each heap of other arenas was last seen.
  const segments = new Map<string, number>();
  const base = source.sbrk(0);
  const lines: string[] = [];
  let lastBreak = base;
  const figures = (op: number) => {
    const m = heap.mallinfo();
    const offset = (source.sbrk(0) - base).toString(16);
    lines.push(
      `S ${op} ${offset} ${m.arena} ${m.hblks} ${m.hblkhd} ${m.uordblks} ` +
        `${m.fordblks} ${m.keepcost} ${m.fsmblks} ${m.ordblks} ${m.smblks}`,
    );
    const arenas = heap.arenaFigures();
    if (segments.size === 0) return;
    arenas.forEach((a, k) => {
      lines.push(
        `P ${k} ${a.systemBytes} ${a.topBytes} ${a.threads} ` +
          `${a.binnedBlocks} ${a.binnedBytes} ${a.fastBlocks} ` +
          `${a.fastBytes} ${k === 0 ? 1 : a.segments}`,
      );
    });
  };
  const place = (at: number): string => {
    if (at === NULL) return "0";
    const usable = heap.usableSize(at);
    const mapped = heap.isMapped(at);
    const segment = mapped ? undefined : heap.placeOf(at);
    if (segment) {
      const name = `${segment.arena} ${segment.segment}`;
      const line = `A${name} ${(at - segment.start).toString(16)} ${usable}`;
      if (segments.get(name) === segment.start) return line;
      segments.set(name, segment.start);
      return `${line}\nh ${name} ${segment.start.toString(16)}`;
    }
    return !mapped && at >= base && at < source.sbrk(0)
      ? `H ${(at - base).toString(16)} ${usable}`
      : `${mapped ? "M" : "X"} ${(at % 4096).toString(16)} ${usable}`;
  };
  const release = (id: number) => {
    if (address[id] !== NULL) heap.free(address[id]!, asked[id]!);
    address[id] = NULL;
  };
  const perform = (i: number): string => {
    const id = rep.id[i]!;
    const size = rep.size[i]!;
    const old = id < 0 ? NULL : address[id]!;
    let fresh: number = NULL;
    switch (rep.kind[i]) {
      case A:
        fresh = heap.malloc(size);
        break;
      case C:
        fresh = heap.calloc(size);
        break;
      case M:
        fresh = heap.memalign(rep.extra[i]!, size);
        break;
      case R:
        if (old === NULL) fresh = heap.malloc(size);
        else fresh = heap.realloc(old, asked[id]!, size);
        break;
      case F:
        if (id >= 0) release(id);
        return "-";
      case T:
        heap.control.trim(size);
        return "-";
      case O:
        heap.control.mallopt(rep.extra[i]!, size);
        return "-";
      case K:
        source.sbrk(size);
        return "-";
      case RUN:
        heap.threading.run(id);
        return "-";
      case END:
        heap.threading.end(id);
        return "-";
    }
    if (fresh === NULL && old !== NULL && size > 0 && keeps) return "0";
    address[id] = fresh;
    asked[id] = size;
    return place(fresh);
  };
  figures(0);
  for (let i = 0; i < rep.length; i++) {
    try {
      lines.push(...`${i} ${perform(i)}`.split("\n"));
    } catch (error) {
      if (!/real malloc aborts/.test(String(error))) throw error;
      lines.push("! aborted");
      return lines;
    }
    const now = source.sbrk(0);
    if (now !== lastBreak) {
      const sign = now < base ? "-" : "";
      lines.push(`b ${sign}${Math.abs(now - base).toString(16)}`);
      lastBreak = now;
    }
    after?.(i);
    if (every > 0 && (i + 1) % every === 0) figures(i + 1);
  }
  if (every === 0 || rep.length % every !== 0) figures(rep.length);
  return lines;
}

/** The lines of the C replayer's output that a simulation has to equal. */
export function comparable(output: string): string[] {
  const lines: string[] = [];
  const anchor = parseInt(/anchor=([0-9a-f]+)/.exec(output)?.[1] ?? "0", 16);
  for (const line of output.split("\n")) {
    if (line === "" || line[0] === "#" || line[0] === "V") continue;
    const words = line.split(" ");
    if (words[0] === "S") words.length = 12;
    else if (words[0] === "h") {
      words[3] = (anchor + parseInt(words[3]!, 16)).toString(16);
    } else if (words[1] === "M" || words[1] === "X") words.length = 4;
    lines.push(words.join(" "));
  }
  return lines;
}

/** Index of the first line that differs; -1 if none does. */
export function firstDifference(
  a: readonly string[],
  b: readonly string[],
): number {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return i;
  return -1;
}
