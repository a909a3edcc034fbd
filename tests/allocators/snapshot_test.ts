/**
 * Snapshots: every kind of thing that holds state, and a whole machine. The
 * conformance suite takes one of each allocator.
 *
 * @module
 */
import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { LinuxBuddy } from "../../allocators/buddy/linux.ts";
import { parseSpec } from "../../allocators/entry.ts";
import { checkMachine } from "../../allocators/machine/check.ts";
import { Machine } from "../../allocators/machine/machine.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import { capture } from "../../allocators/snapshot.ts";
import { prng } from "../../experiments/laws/prng.ts";

Deno.test("a snapshot brings every kind of state back", () => {
  class Model {
    private secret = 1;
    words = new Int32Array(3000);
    readonly bytes = new Uint8Array([7, 0, 5]);
    /** More full than empty, with stretches that are blank. */
    readonly dense = new Int32Array(4096).fill(5, 0, 2048);
    readonly list: (number | object)[] = [1, { deep: 2 }];
    readonly table = new Map<string, number[]>([["a", [1]], ["b", [2]]]);
    readonly members = new Set([3, 1, 2]);
    readonly draw = prng(1);
    readonly frozen = Object.freeze({ inside: [1] });
    note?: string;
    readonly self = this;

    change(): void {
      this.secret++;
      this.words[2999]!++;
      this.words[1024] = 9;
      this.words = new Int32Array(6000).fill(4);
      this.bytes.fill(1);
      this.dense.fill(6, 2047, 3000);
      (this.list[1] as { deep: number }).deep = 9;
      this.list.length = 1;
      this.list.push(5, 6, 7);
      this.table.get("a")!.push(8);
      this.table.delete("b");
      this.table.set("c", []);
      this.members.delete(3);
      this.members.add(4).add(3);
      this.frozen.inside.push(2);
      this.note = "new";
    }

    seen(): unknown {
      const { secret, words, bytes, list, table, members, frozen } = this;
      const { dense } = this;
      const note = "note" in this && this.note !== undefined;
      const parts = [words, bytes, dense, [...table], [...members], frozen];
      return [secret, note, JSON.stringify(list), ...structuredClone(parts)];
    }
  }
  const model = new Model();
  model.words[2999] = -1;
  const { words, list } = model;
  const before = model.seen();
  const snapshot = capture(model);
  const drawn = [model.draw(), model.draw()];
  for (let time = 0; time < 2; time++) {
    model.change();
    snapshot.restore();
    assertEquals(model.seen(), before);
    assertEquals([model.draw(), model.draw()], drawn);
    assertStrictEquals(model.words, words);
    assertStrictEquals(model.list, list);
  }
});

Deno.test("properties that came later are gone after a restore", () => {
  const model: Record<string, number> = { a: 1, b: 2 };
  const snapshot = capture(model);
  delete model.a;
  model.c = 3;
  snapshot.restore();
  assertEquals(model, { a: 1, b: 2 });
});

Deno.test("what hides its state is not captured", () => {
  const steps = (function* () {
    yield 1;
  })();
  assertThrows(() => capture({ steps }), TypeError, "Generator");
  assertThrows(() => capture([new WeakMap()]), TypeError, "WeakMap");
});

Deno.test("a machine with its processes and slabs is brought back", () => {
  const machine = new Machine({
    ramBytes: 32 * 2 ** 20,
    zone: (pages) => new LinuxBuddy({ pages, pcp: 31 }),
  });
  const processes = ["glibc", "pool", "tlsf"].map((text) => {
    const { entry, values } = parseSpec(text, ALLOCATORS);
    return machine.start(
      text,
      (source) => entry.create(values, { source, draw: prng(1) }),
    );
  });
  const files = machine.slabUser("files", { objectSize: 180 });
  const held: [process: number, address: number, size: number][] = [];
  const play = (seed: number) => {
    const draw = prng(seed);
    const answers: number[] = [];
    for (let step = 0; step < 3000; step++) {
      const i = draw.below(processes.length);
      const { heap, os } = processes[i]!;
      const size = draw() < 0.02 ? draw.below(200_000) : draw.below(600);
      const address = heap.malloc(size);
      os.touch(address, Math.max(1, size));
      held.push([i, address, size]);
      answers.push(address, files.alloc());
      if (draw() < 0.4) {
        const [p, at, asked] = held.splice(draw.below(held.length), 1)[0]!;
        processes[p]!.heap.free(at, asked);
      }
      if (step % 1000 === 999) machine.compact(9);
    }
    return answers;
  };
  play(1);
  const before = JSON.stringify(machine.frames());
  const snapshot = capture([machine, held]);
  const answers = play(2);
  snapshot.restore();
  assertEquals(JSON.stringify(machine.frames()), before);
  checkMachine(machine);
  for (const { heap } of processes) heap.check();
  assertEquals(play(2), answers);
});
