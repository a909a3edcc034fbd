/**
 * Damaged inputs to every reader: each is read, or refused with one typed error
 * of one line, and in little time.
 *
 * @module
 */
import { explainText } from "../../experiments/kernel_text/explain.ts";
import { prng } from "../../experiments/laws/prng.ts";
import { read } from "../../experiments/measures/csv.ts";
import { openTrace } from "../../experiments/traces/open_trace.ts";
import { clean, type Fault, harm, type Tally } from "./fault.ts";

const SEEDS: readonly string[] = [
  "0\n5\n9\n1\na 7 100\nc 8 200\n@web server\nm 9 64 300\nw 7 90 10\nr 7 0\n" +
  "f 7\nT 3\na 1 9\nE 3\nf -1\nt 4096\no -2 131072\nk -4096\np load\n",
  "a 1 0 1\na 2 9 0\nf 1\na 3 3 2\nf 2\n",
  "==42== Memcheck\n--42-- malloc(24) = 0x10\n--42-- calloc(7,9) = 0x20\n" +
  "--42-- realloc(0x10,500) = 0x40\n--42-- free(0x20)\n",
  "= Start\n@ ./a:[0x401136] + 0x4056a0 0x64\n@ ./a:[0x401144] - 0x4056a0\n" +
  "@ ./a:[0x40114a] < 0x4056a0\n@ ./a:[0x40114a] > 0x4056b0 0x12c\n= End\n",
  "malloc(7) = 0x5581\ncalloc(3, 4) = 0x5590\nfree(0x5581) = <void>\n",
  "a.out-12 [000] .... 1.5: mm_page_alloc: page=0x1 pfn=0x10 order=0 " +
  "migratetype=0 gfp_flags=GFP_KERNEL\n",
];
const FIXTURES = [
  "buddyinfo_dated.txt",
  "pagetypeinfo_numa.txt",
  "slabinfo_twice.txt",
  "slabtop.txt",
  "slabinfo_classic_slab.txt",
  "dmesg_order3.txt",
  "zoneinfo.txt",
  "meminfo.txt",
  "malloc_info.xml",
  "malloc_stats.txt",
];
const SCRAPS = [
  ..."\n\t\r #@-=:,;<>\"'0123456789abf\0\x1b\x9f\u2028",
  "9007199254740993",
  "18446744073709551616",
  "-1",
  "1e999",
  "NaN",
  "Node 0, zone ",
  "<malloc>",
  "a 1 5\n",
  " ".repeat(500),
  "7 ".repeat(500),
  "\n".repeat(500),
];
/** Longest time for an input of some KiB, in milliseconds. */
const PATIENCE = 2000;

/** What no number of a result is. */
const UNREAL = /NaN|Infinity/;

/** A reader: throws what the user is told. */
type Reader = (text: string) => Promise<unknown> | unknown;

async function readTrace(text: string, holds: "bytes" | "pages") {
  const open = () => Promise.resolve(new Blob([text]).stream());
  const trace = openTrace("input", open, { holds });
  let rows = 0;
  for await (const block of trace.blocks()) rows += block.length;
  return rows;
}

const READERS: Readonly<Record<string, Reader>> = {
  trace: (text) => readTrace(text, "bytes"),
  pages: (text) => readTrace(text, "pages"),
  explain: (text) => explainText("input", text),
  csv: (text) => read(text),
};

/** A million inputs; ten thousand in short. */
export const hostile: Fault = {
  name: "hostile",
  summary: "damaged traces, kernel texts and tables",
  async run(size) {
    const tally = clean();
    const draw = prng(size === "short" ? 1 : 2);
    const folder = new URL("../kernel_text/fixtures/", import.meta.url);
    const seeds = [
      ...SEEDS,
      ...FIXTURES.map((name) => Deno.readTextFileSync(new URL(name, folder))),
    ];
    const readers = Object.entries(READERS);
    for (let i = 0; i < (size === "short" ? 10_000 : 1_000_000); i++) {
      const text = damaged(seeds[draw.below(seeds.length)]!, draw);
      const [name, reader] = readers[draw.below(readers.length)]!;
      await attempt(tally, name, reader, text);
    }
    return tally;
  },
};

async function attempt(
  tally: Tally,
  name: string,
  reader: Reader,
  text: string,
): Promise<void> {
  tally.runs++;
  const start = performance.now();
  const shown = `${name}: ${JSON.stringify(text.slice(0, 200))}`;
  try {
    const result = await reader(text);
    if (`${result}`.match(UNREAL) && !UNREAL.test(text)) {
      harm(tally, "wrong", shown);
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    const typed = error instanceof SyntaxError || error instanceof RangeError;
    if (!typed || /[\p{Cc}\u2028]/u.test(message)) {
      harm(tally, "rude", `${shown}: ${error}`);
    }
  }
  const took = performance.now() - start;
  if (took > PATIENCE) harm(tally, "rude", `${shown}: ${took.toFixed(0)} ms`);
}

/** One to four changes to `text`. */
function damaged(text: string, draw: { below(n: number): number }): string {
  for (let changes = 1 + draw.below(4); changes > 0; changes--) {
    const from = draw.below(text.length + 1);
    const to = Math.min(text.length, from + draw.below(30));
    const scrap = SCRAPS[draw.below(SCRAPS.length)]!;
    const [head, cut, tail] = [
      text.slice(0, from),
      text.slice(from, to),
      text.slice(to),
    ];
    switch (draw.below(5)) {
      case 0:
        text = head + tail;
        break;
      case 1:
        text = head + cut + cut + tail;
        break;
      case 2:
        text = head + scrap + tail;
        break;
      case 3:
        text = head + scrap + cut + tail;
        break;
      case 4:
        text = tail + "\n" + head;
    }
  }
  return text;
}
