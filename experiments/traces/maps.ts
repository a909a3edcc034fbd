/**
 * The address space of a process as `/proc/PID/maps` tells it: where its break
 * starts and what is mapped.
 *
 * Either lines of that file, of which `[heap]` is left out, as the break begins
 * there; or a recorded run: `V start end name` a mapping, `D start end` a gap that
 * the program gives to its malloc, and `P break`, or `heap0=` on a `#` line before
 * them, the break. jemalloc's runs go on with `M start bytes` a mapping that it
 * made before the program began, `U start bytes` one that it undid, and `X start
 * bytes library` the variables of a thread; what follows is not read. Numbers are
 * hexadecimal, but for the bytes of M, U and X.
 *
 * Simplified: mappings are placed below the highest one under the stack. The
 * kernel starts at a random distance below the stack, which the file does not
 * tell.
 *
 * @module
 */
import { type Layout, STACK_GUARD } from "../../allocators/os/layout.ts";
import { PAGE } from "../../allocators/pages.ts";
import { type Open, unexpected, wholeText } from "./lines.ts";

/** What a file of mappings tells of an address space. */
export type Mapped = Pick<
  Layout,
  "heapStart" | "mmapTop" | "occupied" | "donated" | "origins"
>;

/** Mappings from here on are the kernel's own page, the same for all. */
const KERNEL = 2 ** 48;
const MAPPING =
  /^(?:(V) ([0-9a-f]{1,16}) |([0-9a-f]{1,16})-)([0-9a-f]{1,16})(?: (.*))?$/;
const RECORDED =
  "V or D START END, P ADDRESS, or M, U or X START BYTES of a recorded run";

/** What `open` holds; `SyntaxError` with file and line if that is nothing. */
export async function readMaps(name: string, open: Open): Promise<Mapped> {
  const maps = new Maps(name);
  const decoder = new TextDecoder();
  for await (const piece of wholeText(name, open, {})) {
    for (const line of decoder.decode(piece).trimEnd().split("\n")) {
      if (!maps.take(line)) return maps.mapped;
    }
  }
  return maps.mapped;
}

/** As {@linkcode readMaps}, of a text. */
export function parseMaps(name: string, text: string): Mapped {
  const maps = new Maps(name);
  text.trimEnd().split("\n").every((line) => maps.take(line));
  return maps.mapped;
}

class Maps {
  readonly #name: string;
  readonly #occupied: [number, number][] = [];
  #line = 0;
  #recorded = false;
  #end = 0;
  #heap: number | undefined;
  #break: number | undefined;
  #stack = Infinity;
  readonly #donated: [number, number][] = [];
  // Mappings of jemalloc by start, and where its thread's variables lie.
  readonly #made = new Map<number, number>();
  #threadLocal: number | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  /** Takes the next line; false if it is behind the mappings. */
  take(line: string): boolean {
    this.#line++;
    const match = MAPPING.exec(line);
    if (!match) {
      if (this.#recorded) return this.#more(line);
      const heap0 = /^# (?:.* )?heap0=([0-9a-f]+)( |$)/.exec(line);
      if (heap0) this.#break = parseInt(heap0[1]!, 16);
      else if (!/^(T|#)( |$)/.test(line)) {
        this.#fail("START-END ... NAME", line);
      }
      return true;
    }
    const [, recorded, first, low, to, rest = ""] = match;
    this.#recorded ||= recorded !== undefined;
    const [start = 0, end = 0] = [first ?? low, to].map((n) =>
      parseInt(n!, 16)
    );
    if (start >= KERNEL) return true;
    if (start < this.#end || end <= start || start % PAGE || end % PAGE) {
      this.#fail("whole pages above the mapping before", line);
    }
    this.#end = end;
    if (/(^| )\[heap\]$/.test(rest) && this.#break === undefined) {
      this.#heap ??= start;
    } else if (/(^| )\[stack\]$/.test(rest)) {
      this.#stack = start;
      this.#occupied.push([start - STACK_GUARD, end]);
    } else this.#occupied.push([start, end]);
    return true;
  }

  /** Takes a line behind the mappings; false if it is none about memory. */
  #more(line: string): boolean {
    const [, from, to, end] =
      /^(?:D ([0-9a-f]{1,12}) ([0-9a-f]{1,12})|P ([0-9a-f]{1,12}))$/.exec(
        line,
      ) ?? [];
    if (end !== undefined) this.#break = parseInt(end, 16);
    else if (from === undefined) return this.#origin(line);
    else this.#donate(parseInt(from, 16), parseInt(to!, 16), line);
    return true;
  }

  #donate(from: number, to: number, line: string): void {
    const isMapped = this.#occupied.some(([start, end]) =>
      start <= from && to <= end
    );
    if (from >= to || !isMapped) this.#fail("a gap within a mapping", line);
    this.#donated.push([from, to]);
  }

  /** Takes a line about an allocator's own start; false if it is none. */
  #origin(line: string): boolean {
    const [, kind, start, bytes, library] =
      /^([MUX]) ([0-9a-f]{1,12}) (\d{1,12})(?: (.*))?$/.exec(line) ?? [];
    if (kind === undefined) {
      if (/^[VDPMUX]( |$)/.test(line)) this.#fail(RECORDED, line);
      return false;
    }
    const from = parseInt(start!, 16);
    if (kind === "M") this.#made.set(from, from + Number(bytes));
    else if (kind === "U") this.#made.delete(from);
    else if (/(^|\/)libjemalloc\b/.test(library ?? "")) {
      this.#threadLocal = from;
    }
    return true;
  }

  get mapped(): Mapped {
    const mappings = [...this.#made];
    const occupied = mappings.reduce(without, this.#occupied);
    const heapStart = this.#break ?? this.#heap;
    if (heapStart === undefined) {
      throw new SyntaxError(
        `${this.#name}: No [heap], no P and no heap0= found`,
      );
    }
    const below = this.#occupied.filter(([, end]) => end <= this.#stack);
    const mmapTop = below.at(-1)?.[1] ?? this.#stack - STACK_GUARD;
    if (!Number.isFinite(mmapTop)) {
      throw new SyntaxError(`${this.#name}: No mappings found`);
    }
    const donated = this.#donated;
    return {
      heapStart,
      occupied,
      mmapTop,
      ...(donated.length > 0 && { donated }),
      ...(this.#threadLocal !== undefined && {
        origins: { mappings, threadLocal: this.#threadLocal },
      }),
    };
  }

  #fail(expected: string, line: string): never {
    throw unexpected(this.#name, this.#line, expected, line);
  }
}

/** What is left of `ranges` without [from, to). */
function without(
  ranges: [number, number][],
  [from, to]: [number, number],
): [number, number][] {
  return ranges.flatMap(([start, end]): [number, number][] =>
    end <= from || start >= to ? [[start, end]] : [
      ...(start < from ? [[start, from]] as [number, number][] : []),
      ...(end > to ? [[to, end]] as [number, number][] : []),
    ]
  );
}
