/**
 * Foreign allocator modules for tests: what they do wrong, and when.
 *
 * @module
 */

const MOD = new URL("../../mod.ts", import.meta.url).href;
const SAY =
  new URL("../../experiments/keeper/message.ts", import.meta.url).href;

/** A module that does `first` when it is loaded and `later` at some request. */
export function moduleText(later: string, first = ""): string {
  return `import { ALLOCATORS, define, parseSpec } from "${MOD}";
import { say } from "${SAY}";
${first}
export default define({
  name: "mine",
  summary: "A module of a test.",
  source: "nobody",
  layer: "freelist",
  options: {},
  create(_, environment) {
    const heap = parseSpec("best_fit", ALLOCATORS).entry.create({}, environment);
    const malloc = heap.malloc.bind(heap);
    let n = 0;
    heap.malloc = (size) => {
      if (++n === 200) { ${later} }
      return malloc(size);
    };
    return heap;
  },
});
`;
}

/** What modules do at some request of a cell, and the words for it. */
export const HARM: Readonly<Record<string, [code: string, said: RegExp]>> = {
  throws: [`throw new TypeError("bad\\x1b[31m")`, /: TypeError: bad\?\[31m$/],
  rejects: [`Promise.reject(new Error("late"))`, /: Error: late$/],
  timer: [`setTimeout(() => { throw new Error("late") })`, /: Error: late$/],
  exits: [`Deno.exit(0)`, /: it ended its process \(exit code 0\)$/],
  closes: [`globalThis.close()`, /: it ended its process \(exit code 0\)$/],
  kills: [`Deno.kill(Deno.pid, "SIGKILL")`, /: its process was ended by SIGK/],
  loops: [`for (;;);`, /: it did not answer within 2 s \(--cell-time\)$/],
  floods: [
    `for (;;) say({ rows: "x,".repeat(2 ** 19) })`,
    /: its rows take more than 8 MiB \(--cell-disk\)$/,
  ],
  bytes: [
    `for (const a = [];;) a.push(new Uint8Array(2 ** 24).fill(1))`,
    /: it (took more than 300 MiB of memory|ran out of memory)$/,
  ],
  objects: [
    `for (const a = [];;) a.push({ x: [1, 2, 3] })`,
    /: it (took more than 300 MiB of memory|ran out of memory)$/,
  ],
};
