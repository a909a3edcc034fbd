/**
 * What the replayer prints, read.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  memoryRun,
  processOf,
  rowsOf,
  strayOf,
} from "../../experiments/real/output.ts";

const HEAD = ["malloc", "free"].map((name) => `A ${name} /lib/my lib.so\n`)
  .join("") + "N glibc 2.36\nR 0\nH madvise\n";
const RUN = "S 0 0 100 50 0\nE 0 400 0\nS 0 0 102 51 0\nE 0 408 0\n" +
  "S 10 5000 104 53 0\nE 10 416 2048\nS 12 3000 103 54 1\nE 12 412 0\n" +
  "F freed\nS 12 0 103 54 1\nE 12 412 0\nF idle\nS 12 0 101 54 1\n";

Deno.test("figures are those since before the first request", () => {
  const { curve, start, huge, failures, phases } = memoryRun(
    rowsOf(HEAD + RUN),
  );
  assertEquals(curve, [
    { op: 0, live: 0, resident: 0, faults: 0 },
    { op: 10, live: 5000, resident: 2 * 4096, faults: 2 },
    { op: 12, live: 3000, resident: 4096, faults: 3 },
  ]);
  assertEquals([start, huge, failures], [102 * 4096, 2 ** 21, 1]);
  assertEquals([...phases], [["freed", 4096], ["idle", -4096]]);
});

Deno.test("the address space is what the lines on it say", () => {
  const lines = "V 1000 2000 /a b\nD 1f00 2000\nX 2100 8 /libjemalloc.so.2\n" +
    "P 3000";
  assertEquals(memoryRun(rowsOf(`${HEAD}${lines}\n${RUN}`)).space, lines);
});

Deno.test("who answers says which version it is", () => {
  const version = (line: string) =>
    processOf(rowsOf(HEAD.replace("glibc 2.36", line))).version;
  assertEquals(version("jemalloc 5.3.0-0-g54eaed1d8b56"), "jemalloc 5.3.0");
  assertEquals(version("mimalloc 209"), "mimalloc 2.0.9");
  assertEquals(version("mimalloc 30600"), "mimalloc 3.6.0");
  assertEquals(version("tcmalloc gperftools 2.18.1"), "tcmalloc 2.18.1");
  const musl = processOf(rowsOf(HEAD), "musl 1.2.6");
  assertEquals(musl, {
    version: "musl 1.2.6",
    randomized: false,
    hugePages: "madvise",
  });
});

Deno.test("every function must lie where it should", () => {
  const links = (path: string) => path === "/lib/my lib.so" ? "/b.so" : path;
  const stray = (object?: string, text = HEAD) =>
    strayOf(rowsOf(text), object, links);
  assertEquals(stray("/lib/my lib.so"), undefined);
  assertEquals(stray("/b.so"), undefined);
  assertEquals(stray("/c.so"), "malloc is that of /lib/my lib.so");
  assertEquals(stray(), "malloc is that of /lib/my lib.so");
  const two = HEAD.replace("A free /lib/my lib.so", "A free /lib/libc.so.6");
  assertEquals(stray("/b.so", two), "free is that of /lib/libc.so.6");
  const other = HEAD.replaceAll("my lib.so", "libc-2.31.so");
  assertEquals(stray(undefined, other), undefined);
  assertEquals(stray("/b.so", ""), "it does not start");
});
