/**
 * SLUB geometry against /sys/kernel/slab of Linux 6.1, 6.12 and 7.2, each on
 * machines with 1 CPU (two of them), 2 and 4.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import {
  SHEAF_WISHES,
  sheafBound,
  sheafBytes,
  sheafCapacity,
} from "../../../allocators/slab/sheaf_capacity.ts";
import { slubGeometry } from "../../../allocators/slab/slub.ts";
import type { SlubVersion } from "../../../allocators/slab/versions.ts";
import { gunzipped } from "../../oracle/linux/fixtures.ts";
import sysfs from "../../oracle/linux/sysfs_versions.csv.gz" with {
  type: "bytes",
};

type Row = Readonly<Record<string, string>>;

/** RCU caches whose free pointer lies inside: sysfs does not show it. */
const INNER: Readonly<Record<string, readonly string[]>> = {
  "6.1": [],
  "6.12": ["filp"],
  "7.2": ["vm_area_struct", "TCP", "TCPv6", "filp"],
};
const [head, ...lines] = (await gunzipped(sysfs)).trimEnd().split("\n")
  .map((line) => line.split(","));
const ROWS: Row[] = lines.map((line) =>
  Object.fromEntries(head!.map((name, i) => [name, line[i]!]))
);

function predicted(row: Row) {
  const { version, cache } = row;
  const sheaf = SHEAF_WISHES[cache!];
  return slubGeometry(
    {
      objectSize: Number(row.object_size),
      align: Number(row.align),
      hwcacheAlign: row.hwcache_align === "1",
      rcu: row.destroy_by_rcu === "1",
      ctor: row.ctor === "1",
      innerFreePointer: INNER[version!]!.includes(cache!),
      ...(sheaf !== undefined && { sheafCapacity: sheaf }),
    },
    Number(row.cpus),
    version as SlubVersion,
  );
}

Deno.test("3,420 of 3,420 rows of 12 machines", () => {
  assertEquals(ROWS.length, 3420);
  for (const row of ROWS) {
    const g = predicted(row);
    assertEquals(
      [g.size, g.order, g.objects, g.minPartial, g.cpuPartial],
      ["slab_size", "order", "objs_per_slab", "min_partial", "cpu_partial"]
        .map((column) => Number(row[column])),
      `${row.version}, ${row.cpus} CPUs: ${row.cache}`,
    );
  }
});

Deno.test("7.2: the capacity of the sheaves of every cache", () => {
  const rows = ROWS.filter(({ version }) => version === "7.2");
  assertEquals(rows.length, 4 * 309);
  for (const row of rows) {
    const { cache, sheaf_capacity } = row;
    assertEquals(predicted(row).sheafCapacity, Number(sheaf_capacity), cache);
  }
  const byRule = rows.filter(({ slab_size, sheaf_capacity }) =>
    sheafCapacity(Number(slab_size)) === Number(sheaf_capacity)
  );
  assertEquals(byRule.length, 4 * 306);
});

Deno.test("a sheaf fills its block", () => {
  for (let size = 8; size <= 65_536; size += 8) {
    const capacity = sheafCapacity(size);
    assert(sheafBytes(capacity) < sheafBytes(capacity + 1));
  }
  assertEquals(
    [255, 256, 1023, 1024, 4095, 4096].map((s) => sheafCapacity(s)),
    [
      ...[60, 28, 28, 12, 12, 4],
    ],
  );
});

Deno.test("what one CPU may keep in sheaves", () => {
  const bounds = [64, 256, 1024, 4096].map((size) =>
    sheafBound(1, sheafCapacity(size))
  );
  assertEquals(bounds, [720, 336, 144, 48]);
});

Deno.test("only 7.2 has sheaves, and not for caches that are debugged", () => {
  const spec = { objectSize: 688 };
  assertEquals(slubGeometry(spec, 1).sheafCapacity, 0);
  assertEquals(slubGeometry(spec, 1, "7.2").sheafCapacity, 28);
  const debugged = slubGeometry({ ...spec, poison: true }, 1, "7.2");
  assertEquals(debugged.sheafCapacity, 0);
});

Deno.test("5.10: what CPUs keep", () => {
  const kept = [128, 512, 2048, 4096].map((objectSize) =>
    slubGeometry({ objectSize }, 2, "5.10").cpuPartial
  );
  assertEquals(kept, [30, 13, 6, 2]);
});
