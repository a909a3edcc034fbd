/**
 * The heap at the cursor: which blocks are told of many, and in which words.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { Driver } from "./driver.ts";

/** A lab in which `lines` were requested of `spec`, and its states. */
async function labOf(lines: readonly string[], spec: string) {
  const lab = new Driver();
  await lab.load({ kind: "text", text: lines.join("\n") }, [spec]);
  return {
    stateAt: async (op: number) => {
      const question = { kind: "state", ticket: 1, op } as const;
      return (await lab.ask(question, "states")).lanes[0]!;
    },
    blockAt: async (op: number, address: number) => {
      const question = { kind: "block", ticket: 1, lane: 0, op } as const;
      return (await lab.ask({ ...question, address }, "block")).block;
    },
  };
}

Deno.test("of many blocks those around the one that was served or freed are told", async () => {
  const count = 4000;
  const ids = [100, 2000, 3900];
  const lines = [
    ...Array.from({ length: count }, (_, i) => `a ${i} 2000`),
    ...ids.map((id) => `f ${id}`),
  ];
  for (const spec of ["glibc", "first_fit:header=0"]) {
    const { stateAt } = await labOf(lines, spec);
    for (const [i, id] of ids.entries()) {
      const { address } = await stateAt(id + 1);
      const { blocks, isCut } = await stateAt(count + i + 1);
      assertEquals([blocks.length, isCut], [2048, true]);
      const at = blocks.findIndex((block) =>
        block.address <= address! && address! < block.address + block.bytes
      );
      assert(at >= 0, `${spec} ${id}: ${address} is not among them`);
      if (id === 2000) assert(at > 1000 && at < 1050, `${spec}: at ${at}`);
    }
    assertEquals((await stateAt(1000)).isCut, false);
  }
});

Deno.test("pageblocks are told where there are any", async () => {
  for (const [spec, some] of [["linux_buddy", /^[UMR]+$/], ["glibc", /^$/]]) {
    const { stateAt } = await labOf(["a 0 5000"], spec as string);
    assertMatch((await stateAt(1)).pageblocks, some as RegExp);
  }
});

Deno.test("requests in words", async () => {
  const lines = ["a 0 5", "r 0 9", "c 1 7", "m 2 64 100", "f -1", "f 0"];
  const { stateAt } = await labOf(lines, "glibc");
  const said: string[] = [];
  for (let op = 0; op <= lines.length; op++) {
    said.push((await stateAt(op)).request);
  }
  assertEquals(said, [
    "nothing yet",
    "malloc 5",
    "realloc to 9",
    "calloc 7",
    "memalign 100 at a multiple of 64",
    "free NULL",
    "free",
  ]);
});

Deno.test("a block that is chosen: who asked for it, and how long it lives", async () => {
  const lines = Array.from({ length: 30 }, (_, i) => `a ${i} ${i}`);
  const { stateAt, blockAt } = await labOf([...lines, "f 3"], "first_fit");
  const { address: empty } = await stateAt(1);
  assertMatch((await blockAt(1, empty!)).words[0]!, /^object 0: 0 bytes/);
  const { address } = await stateAt(4);
  const block = await blockAt(5, address!);
  assertEquals([block.born, block.died], [4, 31]);
  assertEquals(block.words[1], "gone by operation 31, after 27");
  assertEquals((await blockAt(31, address!)).kind, "free");
  // Why a block lies where it does is looked for in the heap before.
  assertMatch((await stateAt(30)).words[0]!, /^at 0x/);
});
