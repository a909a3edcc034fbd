/**
 * Slab caches of three kernels as sysfs and slabinfo show them, and texts that
 * nobody's kernel shows.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { explainText } from "../../experiments/kernel_text/explain.ts";
import { gunzipped } from "../oracle/linux/fixtures.ts";
import slabinfo72 from "../oracle/linux/slabinfo_7.2.txt.gz" with {
  type: "bytes",
};
import sysfs from "../oracle/linux/sysfs_versions.csv.gz" with {
  type: "bytes",
};
import { explained } from "./read.ts";

const [HEAD, ...ROWS] = (await gunzipped(sysfs)).trimEnd().split("\n");

/** The table of one machine. */
function machine(version: string, cpus: number): string {
  const rows = ROWS.filter((row) => row.startsWith(`${version},${cpus},`));
  return [
    HEAD,
    ...new Map(rows.map((row) => [row.split(",")[2], row])).values(),
  ]
    .join("\n");
}

/** What `grep -r . /sys/kernel/slab` prints of the same machine. */
function grepped(version: string, cpus: number): string {
  const columns = HEAD!.split(",");
  return machine(version, cpus).split("\n").slice(1).flatMap((row) => {
    const cells = row.split(",");
    const refused = `grep: /sys/kernel/slab/${
      cells[2]
    }/shrink: Permission denied`;
    return [refused].concat(
      cells.slice(4).flatMap((cell, i) => {
        const column = columns[i + 4]!;
        if (cell === "" || column === "ctor" && cell === "0") return [];
        return [`/sys/kernel/slab/${cells[2]}/${column}:${cell} N0=${cell}`];
      }),
    );
  }).join("\n");
}

Deno.test("sysfs: which kernels, on how many CPUs", () => {
  const says = {
    "6.1,1": "255 of 255 caches are as under Linux 6.1 or 6.12 on 1 CPU. " +
      "These fit equally well.",
    "6.12,2": "291 of 291 caches are as under Linux 6.1 or 6.12 on 2..3 CPUs.",
    "7.2,4": "309 of 309 caches are as under Linux 7.2 on 4..7 CPUs.",
  };
  for (const [key, answer] of Object.entries(says)) {
    const [version, cpus] = key.split(",");
    for (const text of [machine, grepped]) {
      const lines = explained(text(version!, Number(cpus)));
      assert(lines.includes(answer), `${key}\n${lines}`);
      assert(!lines.includes("differs"), key);
    }
  }
});

Deno.test("sysfs: a kernel of 5.10 is told by what CPUs keep", () => {
  const text = "cache,object_size,slab_size,objs_per_slab,order,align," +
    "min_partial,cpu_partial\ndentry,192,192,21,0,8,5,30\n";
  assertMatch(
    explained(text),
    /1 of 1 cache is as under Linux 5\.10 on 1\.\.15/,
  );
  const old = text.replace(",5,30", ",5,31");
  assertMatch(
    explained(old),
    /No cache is as Linux 5\.10, 6\.1, 6\.12 or 7\.2/,
  );
});

Deno.test("sysfs: sheaves, their bound, and pointers that lie inside", () => {
  const lines = explained(machine("7.2", 1));
  assertMatch(lines, /^maple_node .* 32 /m);
  assertMatch(lines, /The free pointer of TCP, TCPv6 and vm_area_struct lies/);
  // 12 sheaves of 12 objects of 2 KiB; of 28 objects of 696 bytes
  assertMatch(lines, /kmalloc-2k \(144 objects, 288 KiB\)/);
  assertMatch(lines, /shmem_inode_cache \(336 objects, 228\.4 KiB\)/);
  assert(!explained(machine("6.12", 1)).includes("sheaves"));
});

Deno.test("slabinfo: what may be freed under 7.2", async () => {
  const text = await gunzipped(slabinfo72);
  const lines = explained(text);
  assert(lines.includes("192 of 192 caches are as SLUB lays them out on 2..3"));
  // (2 x 3 + 10) x 12 objects of 2 KiB
  assertMatch(lines, /On 2\.\.3 CPUs that is up to \d+\.\d MiB of the/);
  const few = "slabinfo - version: 2.1\n" +
    "a 1000 1008 192 21 1 : tunables 0 0 0 : slabdata 48 48 0\n" +
    "kmalloc-512 3000 3200 512 32 4 : tunables 0 0 0 : slabdata 100 100 0\n" +
    "kmem_cache 500 512 256 32 2 : tunables 0 0 0 : slabdata 16 16 0\n";
  // 24 x 60 are more than there are; 8 CPUs: up to 15, 40 sheaves
  assertMatch(
    explained(few),
    /On 8\.\.15 CPUs that is up to 747\.5 KiB of the 1\.8 MiB in use; most in kmalloc-512 \(1120 objects, 560 KiB\) and a \(1000 objects, 187\.5 KiB\)\./,
  );
});

Deno.test("texts that nobody's kernel shows get an answer or one line", () => {
  const head = "cache,object_size,slab_size,objs_per_slab,order\n";
  const odd = [
    head,
    head + "a,0,0,0,0\n",
    head + "a,99999999999,8,1,0\n",
    head + "a,8,8,512,99999\n",
    "/sys/kernel/slab/a/object_size:x\n",
    "/sys/kernel/slab/a/align:4294967295\n",
    "a/object_size:64\na/slab_size:64\na/objs_per_slab:63\na/order:0\n",
    "slabinfo - version: 2.1\na 0 0 64 63 1 : tunables 0 0 0 : slabdata 0 0 0\n",
  ];
  for (const text of odd) {
    const lines = explained(text);
    assert(!/NaN|Infinity|undefined|\d\.\.\d+ CPU/.test(lines), lines);
  }
  const refused = {
    [head + "a,1,2\n"]: "t:2: Expected 5 columns, as the heading has, got",
    [head + "a,8,8,512,0\na,8,8,512,0\n"]: "t:3: Expected each cache once",
    [head + "a,8,x,512,0\n"]: "t:2: Expected a number as slab_size, got",
  };
  for (const [text, message] of Object.entries(refused)) {
    const error = assertThrows(() => explainText("t", text), SyntaxError);
    assertEquals(error.message.slice(0, message.length), message);
  }
});
