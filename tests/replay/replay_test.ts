/**
 * What a session asks of its heap and of the memory below, call by call, what
 * it counts, and when a replay takes samples.
 *
 * @module
 */
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { NULL } from "../../allocators/allocator.ts";
import { FlatSource } from "../../allocators/pages.ts";
import { Unsuitable } from "../../experiments/replay/unsuitable.ts";
import {
  Player,
  replay,
  Session,
  type TouchPolicy,
} from "../../experiments/replay/replay.ts";
import { type Trace, TraceBuilder } from "../../experiments/traces/trace.ts";
import { type Answer, plain, rep, Script } from "./scripted.ts";

/** Replays without samples; the session afterwards. */
async function played(
  script: Script,
  trace: Trace,
  touch: TouchPolicy = "none",
): Promise<Session> {
  const session = new Session(script, script.source, { touch });
  await replay(trace, session, { every: 0, sink: () => {} });
  return session;
}

/** What the session of `script` has counted after `text`. */
async function counted(script: Script, text: string) {
  const { op, clock, requested, live, failures } = await played(
    script,
    rep(text),
  );
  return { op, clock, requested, live, failures };
}

const BLOCKS: readonly Answer[] = [
  { at: 1000 },
  { at: 2000 },
  { at: 3000 },
  { at: 4000 },
];

Deno.test("every operation is the call that it names", async () => {
  const script = new Script(BLOCKS);
  const text = "a 1 100\nc 2 200\nm 3 64 300\n@me\nr 1 150\nw 3 8 16\n" +
    "g 3 4 32\nt 4096\no -2 131072\nk 8192\nf 2\nf -1\np end\nr 3 0\nf 3\n";
  assertEquals(await counted(script, text), {
    op: 13,
    clock: 750,
    requested: 150,
    live: 1,
    failures: 0,
  });
  assertEquals(script.log, [
    "malloc 100",
    "calloc 200",
    "memalign 64 300",
    "realloc 1000 100 150",
    "touch 3008 16",
    "read 3004 32",
    "trim 4096",
    "mallopt -2 131072",
    "sbrk 8192",
    "free 2000 200",
    "free 3000 300",
  ]);
});

Deno.test("payload is written as the policy says", async () => {
  const text = "a 1 100\nc 2 0\nr 1 150\nf 1\n";
  const touched = async (touch: TouchPolicy) => {
    const script = new Script(BLOCKS);
    await played(script, rep(text), touch);
    return script.log.filter((call) => call.startsWith("touch"));
  };
  assertEquals(await touched("none"), []);
  assertEquals(await touched("first"), [
    "touch 1000 1",
    "touch 2000 1",
    "touch 3000 1",
  ]);
  assertEquals(await touched("all"), [
    "touch 1000 100",
    "touch 2000 0",
    "touch 3000 150",
  ]);
  const script = new Script(BLOCKS);
  const session = new Session(script, new FlatSource(), { touch: "all" });
  await replay(rep(text), session, { every: 0, sink: () => {} });
  assertEquals(script.log.length, 4, "memory that is never lazy hears nothing");
});

Deno.test("a refused request leaves no object", async () => {
  const script = new Script([{ at: NULL }, { at: 2000 }]);
  const text = "a 1 100\nw 1 0 10\ng 1 0 10\nr 1 60\nf 1\n";
  assertEquals(await counted(script, text), {
    op: 5,
    clock: 160,
    requested: 0,
    live: 0,
    failures: 1,
  });
  assertEquals(script.log, ["malloc 100", "malloc 60", "free 2000 60"]);
});

Deno.test("a failed realloc loses the old block", async () => {
  const script = new Script([{ at: 1000 }, { at: 2000 }, { at: NULL }]);
  assertEquals(await counted(script, "a 1 100\na 2 30\nr 1 500\nf 1\n"), {
    op: 4,
    clock: 630,
    requested: 30,
    live: 1,
    failures: 1,
  });
  assertEquals(script.log, ["malloc 100", "malloc 30", "realloc 1000 100 500"]);
});

Deno.test("calloc is malloc where the heap has no other", async () => {
  const script = plain(BLOCKS);
  await played(script, rep("c 1 100\n"));
  assertEquals(script.log, ["malloc 100"]);
});

Deno.test("what the heap lacks is told with its line", async () => {
  const lacking = { "m 2 64 9": "memalign", "t 1": "malloc_trim", "o 1 2": "" };
  for (const [line, capability] of Object.entries(lacking)) {
    await assertRejects(
      () => played(plain(BLOCKS), rep(`# text\na 1 9\n@me\np x\n${line}\n`)),
      Unsuitable,
      `t.rep:5: The allocator has no ${capability || "mallopt"}`,
    );
  }
});

Deno.test("what the heap refuses is told with its line, if it has one", async () => {
  await assertRejects(
    () => played(new Script([{ at: 0 }]), rep("a 1 9\n\n@me\na 2 8\n")),
    SyntaxError,
    "t.rep:4: No answer to malloc 8",
  );
  const built = new TraceBuilder();
  built.malloc(7);
  const error = await assertRejects(
    () => played(new Script([]), built.build("built")),
    RangeError,
  );
  assertEquals(error.message, "No answer to malloc 7");
});

/** `op phase` of every sample. */
async function samples(
  requests: string | Trace,
  every: number,
): Promise<string[]> {
  const trace = typeof requests === "string" ? rep(requests) : requests;
  const answers = Array.from({ length: 20 }, (_, i) => ({ at: 1000 * i }));
  const script = new Script(answers);
  const session = new Session(script, script.source, { layer: "mine" });
  const taken: string[] = [];
  await replay(trace, session, {
    every,
    sink: ({ op, phase, layer }) => {
      assertEquals(layer, "mine");
      taken.push(`${op} ${phase}`.trim());
    },
  });
  return taken;
}

const SEVEN = "a 1 1\na 2 1\na 3 1\na 4 1\na 5 1\na 6 1\na 7 1\n";

Deno.test("samples are taken every so many operations and at the end", async () => {
  assertEquals(await samples(SEVEN, 3), ["3", "6", "7"]);
  assertEquals(await samples(SEVEN, 7), ["7"]);
  assertEquals(await samples(SEVEN, 100), ["7"]);
  assertEquals(await samples(SEVEN, 0), ["7"]);
  assertEquals(await samples(new TraceBuilder().build("nothing"), 3), ["0"]);
});

Deno.test("marks are sampled and are no operations", async () => {
  const text =
    "@x\na 1 1\np one\n@y\na 2 1\na 3 1\np two\n@z\na 4 1\np three\n";
  assertEquals(await samples(text, 0), ["1 one", "3 two", "4 three"]);
  assertEquals(await samples(text, 2), ["1 one", "2", "3 two", "4", "4 three"]);
  assertEquals(await samples(text + "a 5 1\n@v\n", 3), [
    "1 one",
    "3",
    "3 two",
    "4 three",
    "5",
  ]);
  assertEquals(await samples("a 1 1\na 2 1\n@y\n@z\na 3 1\n", 2), ["2", "3"]);
});

Deno.test("samples do not depend on the length of blocks", async () => {
  const built = new TraceBuilder();
  for (let i = 0; i < 10_000; i++) built.free(built.malloc(1));
  const answers = Array.from({ length: 10_000 }, () => ({ at: 0 }));
  const script = new Script(answers);
  const session = new Session(script, script.source);
  const taken: number[] = [];
  const sink = ({ op }: { op?: unknown }) => taken.push(op as number);
  await replay(built.build("long"), session, { every: 3000, sink });
  assertEquals(taken, [3000, 6000, 9000, 12_000, 15_000, 18_000, 20_000]);
});

Deno.test("peaks are those after any operation", async () => {
  const script = new Script([
    { at: 0, footprint: 500 },
    { at: 100, footprint: 900 },
    { at: NULL, footprint: 990 },
    { at: 200 }, // 250 requested
    { at: 300 }, // 310, at the same footprint
    { at: 300 }, // 260, at the same footprint
    { at: 300, footprint: 800 }, // 960
  ]);
  const session = await played(
    script,
    rep("a 1 100\na 2 200\na 9 1\nf 1\na 3 50\na 4 60\nf 4\na 4 10\na 5 700\n"),
  );
  assertEquals(session.peakFootprint, 990);
  assertEquals(session.requestedAtPeak, 310);
  assertEquals(session.peakRequested, 960);
  assertEquals(session.footprintAtPeakRequested, 800);
});

Deno.test("slots and sizes are kept however many there are", () => {
  const answers = Array.from({ length: 5000 }, (_, i) => ({ at: 16 * i }));
  const script = new Script(answers);
  const session = new Session(script, script.source);
  assertEquals(session.addressOf(7000), NULL);
  const player = new Player(session);
  for (let i = 0; i < 5000; i++) assertEquals(player.malloc(i), i);
  for (const slot of [0, 1023, 1024, 4999]) {
    assertEquals(player.addressOf(slot), 16 * slot);
    assertEquals(session.sizeOf(slot), slot);
  }
  player.free(4999);
  assertEquals(player.addressOf(4999), NULL);
  assertEquals(session.live, 4999);
  assertThrows(() => player.malloc(1), RangeError, "No answer");
});

Deno.test("a driver's requests are performed at once, in slots used again", () => {
  const script = new Script(BLOCKS);
  const player = new Player(new Session(script, script.source));
  const first = player.malloc(10);
  assertEquals(player.addressOf(first), 1000);
  player.malloc(20);
  player.free(first);
  assertEquals(player.malloc(30), first);
  assertEquals(script.log, [
    "malloc 10",
    "malloc 20",
    "free 1000 10",
    "malloc 30",
  ]);
});
