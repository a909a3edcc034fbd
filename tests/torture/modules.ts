/**
 * Allocator modules that misbehave, each beside a good allocator: it costs its
 * own cells, one line and an exit code of 1, and nothing else.
 *
 * @module
 */
import { words } from "../runner/lab.ts";
import { begin, clean, ended, type Fault, harm, type Tally } from "./fault.ts";

/** What `malloc` does of each module, as source text. */
const DEEDS: Readonly<Record<string, string>> = {
  throws: "throw new Error('no\\n at all')",
  exits: "Deno.exit(7)",
  closes: "self.close()",
  loops: "for (;;);",
  eats: "for (const all = [];;) all.push(new Uint8Array(2 ** 26).fill(1))",
  hoards: "for (const all = [];;) all.push({ all: [all.length] })",
  rejects: "Promise.reject(new Error('late')); return 16",
  wild: "return NaN",
  reads: "Deno.readTextFileSync('/etc/hostname'); return 16",
  writes: "Deno.writeTextFileSync('data/traces/x', ''); return 16",
  fetches: "fetch('http://127.0.0.1:9/'); return 16",
  posts: "self.postMessage({ kept: 1 }); return 16",
};
/** Longest time for a run, in milliseconds. */
const PATIENCE = 120_000;

function source(deed: string): string {
  const registry = new URL("../../allocators/mod.ts", import.meta.url).href;
  return `import { ALLOCATORS, define, parseSpec } from "${registry}";
export default define({
  name: "mine", summary: "Misbehaves.", source: "-", layer: "freelist",
  options: {},
  create(_, environment) {
    const { entry } = parseSpec("best_fit", ALLOCATORS);
    const heap = entry.create({}, environment);
    let calls = 0;
    const malloc = heap.malloc.bind(heap);
    heap.malloc = (size) => {
      if (++calls === 20) { ${deed}; }
      return malloc(size);
    };
    return heap;
  },
});
`;
}

/** Every deed. */
export const modules: Fault = {
  name: "modules",
  summary: "an allocator module throws, exits, loops, eats memory, ...",
  async run(_, folder) {
    const tally = clean();
    for (const [name, deed] of Object.entries(DEEDS)) {
      Deno.writeTextFileSync(`${folder}/${name}.ts`, source(deed));
      await strike(tally, name, folder);
    }
    return tally;
  },
};

async function strike(
  tally: Tally,
  name: string,
  folder: string,
): Promise<void> {
  const out = `${folder}/out-${name}`;
  const args = words([
    "experiments",
    "churning",
    "--allocator",
    `${folder}/${name}.ts,first_fit`,
    "--time-limit",
    "5",
    "--out",
    out,
  ]);
  const child = begin(args);
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
  const end = await ended(child);
  clearTimeout(timer);
  tally.runs++;
  const lines = end.err.split("\n").filter((line) => line.includes(".ts"));
  if (end.code !== 1 || lines.length === 0 || /^\s+at /m.test(end.err)) {
    harm(tally, "rude", `${name}: ${end.code} ${end.err.slice(0, 300)}`);
  }
  let rows = "";
  try {
    rows = Deno.readTextFileSync(`${out}/summary.csv`);
  } catch { /* counted below */ }
  if (!rows.includes("first_fit")) harm(tally, "lost", `${name}: first_fit`);
}
