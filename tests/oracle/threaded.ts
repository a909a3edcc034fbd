/**
 * Programs with threads that `record_threads.c` has recorded: what they asked
 * of malloc, and where their blocks were.
 *
 * A place is `H offset usable` from the start of the break, `A<n> <s> offset
 * usable` in heap s of an arena, or `M in-page usable`; `-` where nothing is
 * returned, `0` if it was refused. Offsets are hexadecimal. Arenas other than
 * main are numbered in the order in which the answers first show them.
 *
 * @module
 */
import { parseSpec } from "../../allocators/entry.ts";
import { glibc } from "../../allocators/glibc/entry.ts";
import { Glibc } from "../../allocators/glibc/glibc.ts";
import { AddressSpace } from "../../allocators/os/address_space.ts";
import { parseRep } from "./rep.ts";
import { simulate } from "./simulate.ts";

/** What a program asked, and one place per operation. */
export interface Recording {
  /** A `.rep` trace with threads. */
  readonly trace: string;
  readonly places: readonly string[];
}

const WORD = 8;
const PAGE = 4096;
const HEAP = 2 ** 26;
const FLAGS = 7;
const MAPPED = 2;
const NOT_MAIN = 4;

/** The release whose mappings and flags this file knows. */
const LIBRARY = "glibc 2.36";

/** The recording that a log of `record_threads.c` is; of another release none. */
export function parseLog(log: string): Recording | undefined {
  const [library, ...lines] = log.trimEnd().split("\n");
  if (library !== LIBRARY) return undefined;
  const ops: string[] = [];
  const places: string[] = [];
  const ids = new Map<string, number>();
  const unused: number[] = [];
  const arenas = new Map<string, number>();
  let running = "0";
  let highest = 0;
  const note = (op: string, place: string) => {
    ops.push(op);
    places.push(place);
  };
  const release = (address: string): number => {
    const id = ids.get(address);
    if (id === undefined) throw new Error(`Nobody asked for ${address}`);
    ids.delete(address);
    return id;
  };
  for (const line of lines) {
    const [thread, op, old, size, align, block, head, arena, below] = line
      .split(" ") as [string, ...string[]];
    if (op === "E") {
      note(`E ${thread}`, "-");
      if (running === thread) running = "0";
      continue;
    }
    if (thread !== running) {
      note(`T ${thread}`, "-");
      running = thread;
    }
    const place = block === "0" ? "0" : placeOf(
      parseInt(block!, 16),
      parseInt(head!, 16),
      parseInt(arena!, 16),
      () => `${numberOf(arenas, arena!)} ${below}`,
    );
    if (op === "t") note(`t ${size}`, "-");
    else if (op === "o") note(`o ${align} ${size}`, "-");
    else if (op === "f") {
      const id = release(old!);
      unused.push(id);
      note(`f ${id}`, "-");
    } else {
      const kept = op === "r" && old !== "0";
      const id = kept ? release(old!) : unused.pop() ?? highest++;
      const wanted = op === "m" ? `${align} ${size}` : size;
      // A mapping's lead, where it is longer than a page, depends on its place.
      const vague = Number(align) > PAGE && place.startsWith("M");
      note(`${op} ${id} ${wanted}`, vague ? "M" : place);
      if (block !== "0") ids.set(block!, id);
      else if (kept && size !== "0") ids.set(old!, id);
      else unused.push(id);
    }
  }
  const head = `0\n${highest}\n${ops.length}\n1\n`;
  return { trace: `${head}${ops.join("\n")}\n`, places };
}

/** Place of `block`, given the word before it and the first byte of main's. */
function placeOf(
  block: number,
  head: number,
  start: number,
  heap: () => string,
): string {
  const bytes = head - head % (FLAGS + 1);
  if (head & MAPPED) return `M ${hex(block % PAGE)} ${bytes - 2 * WORD}`;
  const usable = bytes - WORD;
  return head & NOT_MAIN
    ? `A${heap()} ${hex(block % HEAP)} ${usable}`
    : `H ${hex(block - start)} ${usable}`;
}

/** The places that the simulated library gives to the program of `trace`. */
export function simulatedPlaces(trace: string): string[] {
  const { values } = parseSpec("glibc", [glibc]);
  const source = new AddressSpace();
  const heap = glibc.create(values, { source, draw: () => 0 });
  if (!(heap instanceof Glibc)) throw new TypeError("Not a Glibc");
  const arenas = new Map<string, number>();
  return simulate({ heap, source }, parseRep(trace, 64), { every: 0 })
    .filter((line) => /^\d/.test(line))
    .map((line) =>
      line.replace(/^\d+ /, "")
        .replace(/^A(\d+)/, (_, arena) => `A${numberOf(arenas, arena)}`)
    );
}

/** The operations whose blocks lie elsewhere in `simulated`. */
export function misplaced(
  { places }: Recording,
  simulated: readonly string[],
): number[] {
  return [...places.keys()].filter((op) => {
    const place = simulated[op] ?? "";
    return places[op] === "M" ? !place.startsWith("M ") : places[op] !== place;
  });
}

/** The number of what was met as first, second, ... of `names`. */
function numberOf(names: Map<string, number>, name: string): number {
  const number = names.get(name) ?? names.size + 1;
  names.set(name, number);
  return number;
}

function hex(offset: number): string {
  return offset.toString(16);
}

/** One text of both: the trace, an empty line, the places. */
export function formatRecording({ trace, places }: Recording): string {
  return `${trace}\n${places.filter((place) => place !== "-").join("\n")}\n`;
}

/** The recording that {@linkcode formatRecording} wrote. */
export function parseRecording(text: string): Recording {
  const [trace, list] = text.split("\n\n") as [string, string];
  const answers = list.trimEnd().split("\n").values();
  const places = trace.split("\n").slice(4)
    .map((op) => /^[acmr]/.test(op) ? answers.next().value! : "-");
  return { trace: `${trace}\n`, places };
}
