/**
 * Traces in the forms of other tools: what is written is what was requested,
 * and the tools, or readers of our own, take it.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { parseSpec } from "../../allocators/entry.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import { newHeap } from "../../experiments/experiment/cell.ts";
import { WRITERS } from "../../experiments/replay/writers.ts";
import { openTrace } from "../../experiments/traces/open_trace.ts";
import { Op, type Trace } from "../../experiments/traces/trace.ts";
import recorded from "../traces/fixtures/four.raw.zst" with { type: "bytes" };
import { bytes, pieces, rows } from "../traces/files.ts";
import { mayNotRun, testWith } from "../skipped.ts";
import { rep } from "./scripted.ts";

const four = () => openTrace("four", () => pieces(recorded, 5000));

/** `trace` as the writer `name` writes it, under `allocator`. */
async function written(
  name: string,
  trace: Trace,
  allocator = "first_fit",
): Promise<string> {
  const heap = newHeap(parseSpec(allocator, ALLOCATORS), 1);
  const writer = WRITERS.find((writer) => writer.name === name)!;
  let text = "";
  const subject = { name: allocator, ...heap };
  for await (const piece of writer.write(trace, subject)) text += piece;
  return text;
}

/** Op, slot, size and extra of every request in `text`. */
async function requests(text: string): Promise<number[][]> {
  const all = await rows(openTrace("t", () => [bytes(text)]));
  return all.filter(([op]) => op! < Op.TRIM).map((row) => row.slice(0, 4));
}

const KINDS = "a 0 100\nc 1 50\nm 2 64 300\nf 0\nr 1 5000\np half\nf -1\n" +
  "r 1 0\nr 1 7\nt 0\na 3 0\nf 2\n";

Deno.test("every writer is told apart, and says what it is for", () => {
  const names = WRITERS.map(({ name }) => name);
  assertEquals(names, ["rep", "minimalloc", "ltrace", "massif", "chrome"]);
  for (const { summary } of WRITERS) assert(summary.length > 10);
});

Deno.test("a .rep trace is what was read", async () => {
  const text = await written("rep", four());
  const again = openTrace("t", () => [bytes(text)]);
  const plain = (all: number[][]) => all.map((row) => row.slice(0, 4));
  assertEquals(plain(await rows(again)), plain(await rows(four())));
  assertEquals(again.sites!.length > 5, true);
});

Deno.test("ltrace text has the same requests, at the heap's addresses", async () => {
  const text = await written("ltrace", rep(KINDS), "glibc");
  const lines = text.trimEnd().split("\n");
  assertMatch(lines[0]!, /^malloc\(100\) = 0x[\da-f]+$/);
  assertMatch(lines[1]!, /^calloc\(1, 50\) = 0x[\da-f]+$/);
  assertMatch(lines[2]!, /^memalign\(64, 300\) = 0x[\da-f]+$/);
  const [, first] = /= (.*)/.exec(lines[0]!)!;
  assertEquals(lines[3], `free(${first}) = <void>`);
  assertEquals(lines[5], "free(0) = <void>");
  assertMatch(lines[6]!, /^realloc\(0x[\da-f]+, 0\) = nil$/);
  assertMatch(lines[7]!, /^realloc\(0, 7\) = 0x[\da-f]+$/);
  const calls = (all: number[][]) => all.map(([op, , size]) => [op, size]);
  const read = calls(await requests(text));
  const own = calls(await requests(KINDS));
  own[6] = [Op.FREE, 0]; // realloc(p, 0)
  own[7] = [Op.MALLOC, 7]; // realloc(NULL, 7)
  assertEquals(read, own);
});

Deno.test("buffers live as long as the blocks", async () => {
  assertEquals(
    await written("minimalloc", rep(KINDS)),
    "id,lower,upper,size\n0,0,3,100\n1,1,4,50\n2,4,5,5000\n3,2,8,300\n" +
      "4,7,9,0\n5,6,9,7\n",
  );
  const text = await written("minimalloc", four());
  const live = (all: number[][]) => {
    const [size, curve]: [number[], number[]] = [[], []];
    let sum = 0;
    for (const [op, slot, bytes] of all) {
      sum += op === Op.FREE ? -size[slot!]! : bytes!;
      size[slot!] = bytes!;
      curve.push(sum);
    }
    return curve;
  };
  const ends = (await requests(await written("rep", four()))).length;
  const curve = live(await requests(text));
  const own = live(await requests(await written("rep", four())));
  assertEquals(curve.slice(0, ends), own);
});

const SITED =
  "S 1 parse (a.c:7) < main (a.c:9)\nS 2 read (b.c:1) < main (a.c:5)\n" +
  "S 3 tiny < main (a.c:5)\n" +
  Array.from({ length: 2000 }, (_, i) => `a ${i} 1000 s${1 + i % 2}\n`).join(
    "",
  ) +
  "a 5000 10 s3\n" +
  Array.from({ length: 2000 }, (_, i) => `f ${i}\n`).join("");

/** The snapshots of a massif file, as its names and numbers. */
function snapshots(text: string): Record<string, string>[] {
  return text.split("#-----------\nsnapshot=").slice(1).map((part) =>
    Object.fromEntries(
      [...part.matchAll(/^(\w+)=(.*)$/gm)].map((match) => match.slice(1)),
    )
  );
}

Deno.test("massif: snapshots over time, sites at the peak", async () => {
  const text = await written("massif", rep(SITED));
  assertMatch(
    text,
    /^desc: first_fit \(simulated\)\ncmd: t\.rep\ntime_unit: B\n/,
  );
  const all = snapshots(text);
  assert(all.length > 100 && all.length <= 201, `${all.length} snapshots`);
  const times = all.map(({ time }) => Number(time));
  assertEquals(times, times.toSorted((a, b) => a - b));
  assertEquals(times.at(-1), 2 * 2000 * 1000 + 10);
  const peaks = all.filter(({ heap_tree }) => heap_tree === "peak");
  assertEquals(peaks.map(({ mem_heap_B }) => mem_heap_B), ["2000010"]);
  assertMatch(
    text,
    new RegExp([
      "n3: 2000010 \\(heap allocation functions\\) malloc/new/new\\[\\], .*",
      " n1: 1000000 0x0: parse \\(a.c:7\\)",
      "  n0: 1000000 0x0: main \\(a.c:9\\)",
      " n1: 1000000 0x0: read .*",
      "  n0: 1000000 0x0: main .*",
      " n0: 10 in 1 place, all below massif's threshold \\(1.00%\\)",
    ].join("\\n")),
  );
});

Deno.test("massif: milliseconds where the trace has times", async () => {
  const ticks = Array.from(
    { length: 150 },
    (_, i) => `N ${i * 2000}\na ${i} 64\n`,
  );
  const text = await written("massif", rep(ticks.join("")));
  assertMatch(text, /^time_unit: ms$/m);
  assertEquals(snapshots(text).at(-1)!.time, "298");
});

testWith(
  mayNotRun("ms_print") ?? await installed("ms_print"),
  "ms_print shows what we write for it",
  async () => {
    const folder = await Deno.makeTempDir({ dir: "/tmp", prefix: "fraglab-" });
    const file = `${folder}/massif.out`;
    await Deno.writeTextFile(file, await written("massif", rep(SITED)));
    const { code, stdout } = await new Deno.Command("ms_print", {
      args: [file],
    }).output();
    await Deno.remove(folder, { recursive: true });
    assertEquals(code, 0);
    const shown = new TextDecoder().decode(stdout);
    assertMatch(shown, /Detailed snapshots: \[\d+ \(peak\)\]/);
    assertMatch(shown, /->\d+\.\d+% \(1,000,000B\) 0x0: parse \(a\.c:7\)/);
  },
);

Deno.test("Chrome's JSON: counters in the order of time, phases", async () => {
  const { displayTimeUnit, traceEvents } = JSON.parse(
    await written("chrome", rep(SITED + "p done\n")),
  );
  assertEquals(displayTimeUnit, "ms");
  const [meta, ...events] = traceEvents;
  assertEquals(meta, {
    name: "process_name",
    ph: "M",
    pid: 1,
    tid: 1,
    args: { name: "t.rep under first_fit" },
  });
  const counters = events.filter(({ ph }: { ph: string }) => ph === "C");
  assert(counters.length > 4000 && counters.length <= 8001);
  let last = 0;
  for (const { name, ts, pid, args } of counters) {
    assertEquals([name, pid], ["heap", 1]);
    assert(Number.isInteger(ts) && ts >= last, `${ts}`);
    for (const value of Object.values(args)) {
      assert(Number.isInteger(value) && (value as number) >= 0);
    }
    last = ts;
  }
  assertEquals(counters.at(-1).args.requested_bytes, 10);
  assertEquals(events.at(-1), {
    name: "done",
    ph: "i",
    s: "p",
    ts: 4001,
    pid: 1,
    tid: 1,
  });
});

/** Nothing, or why `command` cannot be run. */
async function installed(command: string): Promise<object> {
  try {
    await new Deno.Command(command, { args: ["--version"] }).output();
    return {};
  } catch {
    return { why: `${command} is not installed` };
  }
}
