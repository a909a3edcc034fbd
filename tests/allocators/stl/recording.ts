/**
 * Recordings of C++ programs whose containers use libstdc++'s pool: reading
 * them, and playing them against the models.
 *
 * A line is an event, `<what> <offset> <bytes>`: `N` operator new, `D`
 * operator delete, `a` and `f` what the container asked of its pool and gave
 * back. Offsets are decimal and count from the start of the heap; `M<hex>` is
 * an offset in the page, of a block in a mapping.
 *
 * @module
 */
import { Glibc } from "../../../allocators/glibc/glibc.ts";
import { FlatSource, PAGE } from "../../../allocators/pages.ts";
import { Pool } from "../../../allocators/stl/pool.ts";

/** The lines of a compressed text. */
export async function linesOf(
  packed: Uint8Array<ArrayBuffer>,
): Promise<string[]> {
  const stream = new Blob([packed]).stream();
  const text = stream.pipeThrough(new DecompressionStream("gzip"));
  return (await new Response(text).text()).trimEnd().split("\n");
}

/** operator new and delete over glibc's malloc, with a diary of events. */
class OperatorNew extends Glibc {
  readonly diary: string[] = [];

  constructor() {
    super(new FlatSource());
  }

  override malloc(size: number): number {
    const address = super.malloc(size);
    this.diary.push(`N ${offset(address)} ${size}`);
    return address;
  }

  override free(address: number, size: number): void {
    this.diary.push(`D ${offset(address)} 0`);
    super.free(address, size);
  }
}

/** How recordings name an address; the source places mappings from 2^46 on. */
function offset(address: number): string {
  return address < 2 ** 46 ? `${address}` : `M${(address % PAGE).toString(16)}`;
}

/**
 * Plays the requests among `events` against the pool over glibc and returns
 * the events that came of it. The program calls malloc_trim(0) after so many
 * of its container's frees as `trims` says.
 */
export function play(
  events: readonly string[],
  trims: readonly number[] = [],
): string[] {
  const heap = new OperatorNew();
  heap.malloc(72_704); // the exception reserve of libstdc++
  const stream = heap.malloc(472); // stdio reads a file
  const buffer = heap.malloc(1024);
  heap.free(buffer, 1024);
  heap.free(stream, 472);
  const diary = heap.diary;
  diary.length = 0;

  const pool = new Pool(heap, new FlatSource());
  const live = new Map<string, number>();
  const named = events.map((event) =>
    event.split(" ") as [string, string, string]
  );
  let frees = 0;
  named.forEach(([what, at, size], i) => {
    const bytes = Number(size);
    if (what === "a") {
      const address = pool.malloc(bytes);
      live.set(at, address);
      diary.push(`a ${offset(address)} ${bytes}`);
    } else if (what === "f") {
      diary.push(`f ${at} ${bytes}`);
      pool.free(live.get(at)!, bytes);
      if (trims.includes(++frees)) heap.control.trim(0);
    } else if (what === "N") {
      const [next, where] = named[i + 1] ?? [];
      const pooled = next === "a" && where === at; // the pool will ask itself
      if (!pooled) live.set(at, heap.malloc(bytes));
    } else {
      const [last, where] = named[i - 1]!;
      const pooled = last === "f" && where === at; // the pool has done it
      if (!pooled) heap.free(live.get(at)!, 0);
    }
  });
  pool.check();
  heap.check();
  return diary;
}
