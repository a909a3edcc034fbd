/**
 * The models of Linux 6.12 and 7.2 against recordings of a cache of inodes:
 * every address that can be known, and the slabs after every step.
 *
 * Steps: 1,500 files are made, all but every 20th deleted, 700 made and
 * deleted, the rest deleted with their folder, a folder and 300 files made and
 * deleted.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { slubGeometry } from "../../../allocators/slab/slub.ts";
import new72 from "../../../data/traces/shmem_inodes_7.2.txt.gz" with {
  type: "bytes",
};
import new612 from "../../../data/traces/shmem_inodes_6.12.txt.gz" with {
  type: "bytes",
};
import { gunzipped } from "../../oracle/linux/fixtures.ts";
import rows612 from "../../oracle/linux/shmem_inodes_6.12.rows.txt.gz" with {
  type: "bytes",
};
import rows72 from "../../oracle/linux/shmem_inodes_7.2.rows.txt.gz" with {
  type: "bytes",
};
import { type Event, eventsOf, Recording } from "./recording.ts";

/** Events up to the end of each step. */
const STEPS = {
  created1500: 1500,
  kept_each_20th: 2925,
  created700: 3625,
  deleted700: 4325,
  deleted_all: 4401,
  created300: 4702,
  deleted300: 5003,
};

/** Numbers of a row of sysfs. */
function sysfs(rows: string, step: string): Record<string, number> {
  const line = rows.split("\n").find((row) => row.startsWith(`${step} sysfs `));
  assert(line, step);
  return Object.fromEntries(
    Array.from(line.matchAll(/ (\w+)=(\d+)/g), ([, k, v]) => [k, Number(v)]),
  );
}

/** Performs the events; after each step the model is as sysfs tells. */
function follow(
  recording: Recording,
  events: readonly Event[],
  rows: string,
): void {
  const { cache } = recording;
  let done = 0;
  for (const [step, end] of Object.entries(STEPS)) {
    for (; done < end; done++) recording.perform(events[done]!);
    cache.check();
    const { slabs, node, active } = cache.census();
    const told = sysfs(rows, step);
    assertEquals(
      { slabs, partial: node, objects: active, total: cache.capacity },
      {
        slabs: told.slabs,
        partial: told.partial,
        objects: told.objects,
        total: told.total_objects,
      },
      step,
    );
  }
  assertEquals(done, events.length);
}

Deno.test("6.12: 7 of 7 steps, and every address that can be known", async () => {
  const events = eventsOf(await gunzipped(new612));
  const rows = await gunzipped(rows612);
  const geometry = slubGeometry({ objectSize: 752, ctor: true }, 1, "6.12");
  const recording = new Recording(geometry);
  const { cache } = recording;
  // 20 slabs; 8 of 21 objects are left on the CPU's freelist
  for (let i = 0; i < 20 * 21 - 8; i++) cache.alloc();
  recording.begin();
  follow(recording, events, rows);
  const { right, wrong, unknown } = recording;
  assertEquals({ ...right, wrong, unknown }, {
    seen: 836,
    sequence: 1558,
    wrong: 0,
    unknown: 107,
  });
});

Deno.test("7.2: 2,382 of 2,382 addresses, and the sheaves at the end", async () => {
  const events = eventsOf(await gunzipped(new72));
  const rows = await gunzipped(rows72);
  const geometry = slubGeometry({ objectSize: 688, ctor: true }, 1, "7.2");
  assertEquals([geometry.sheafCapacity, geometry.objects], [28, 23]);
  const recording = new Recording(geometry);
  const { cache } = recording;
  // 20 slabs, shrunk: nothing is cached, none has a free object
  const objects = Array.from({ length: 17 * 28 }, () => cache.alloc());
  // the last slab: its first object is cached, the second live, 21 are free
  const slabs = [...new Set(objects.map((at) => recording.slabOf(at)))];
  const surplus = slabs.splice(20);
  for (const at of objects) {
    if (surplus.includes(recording.slabOf(at))) cache.free(at);
  }
  cache.shrink();
  const last = slabs.at(-1)!;
  const [top, , ...free] = recording.objectsOf(last);
  for (const at of free) cache.free(at);
  cache.shrink();
  // the other objects in the main sheaf, grouped as the first allocations are
  recording.begin([last]);
  const firsts = events.slice(0, 27).map(({ real }) => real);
  const groups = new Map<number, number[]>();
  for (const real of firsts.slice(1).reverse()) {
    const slab = recording.slabOf(real);
    if (!groups.has(slab)) {
      groups.set(slab, recording.objectsOf(slabs[groups.size]!));
    }
    cache.free(groups.get(slab)!.shift()!);
  }
  cache.free(top!);
  assertEquals(cache.census(), {
    slabs: 20,
    node: 1,
    cpuPartial: 0,
    cpu: 0,
    empty: 0,
    active: 439,
  });
  follow(recording, events, rows);
  const { right, wrong, unknown, back } = recording;
  assertEquals({ ...right, wrong, unknown }, {
    seen: 992,
    sequence: 1390,
    wrong: 0,
    unknown: 119,
  });
  assertEquals(back, 17);
  assertEquals(cache.sheaves(), {
    main: [28],
    spare: [28],
    rcu: [-1],
    full: 10,
    empty: 0,
  });
  cache.shrink();
  cache.check();
  assertEquals(cache.slabs, sysfs(rows, "shrunk").slabs);
});
