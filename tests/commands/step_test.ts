/**
 * The questions of OSTEP's chapter on free space, whose right answers its own
 * program gives, and what `step` says of other heaps.
 *
 * @module
 */
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { spoken } from "./spoken.ts";

/** What malloc.py draws with -n 10 -H 0 -s 0. */
const SEED_0 = "+3,-0,+5,-1,+8,-2,+8,-3,+2,+7";

/** Where each malloc went, the holes looked at, and the list after each request. */
async function answers(options: string, ops = SEED_0) {
  const size = options.includes("size=") ? "" : ":size=100";
  const spec = `free_list:coalesce=off:${options}${size}`;
  const { out } = await spoken([
    "step",
    "--ops",
    ops,
    "--base",
    "1000",
    "--allocator",
    spec,
  ]);
  return {
    at: [...out.matchAll(/ {2}at (\d+): /g)].map((m) => Number(m[1])),
    looked: [...out.matchAll(/; (\d+) looked at/g)].map((m) => Number(m[1])),
    lists: [...out.matchAll(/list: (.*)/g)].map((m) => m[1]!),
    out,
  };
}

Deno.test("OSTEP 17.1: best fit, without coalescing", async () => {
  const { at, looked, lists } = await answers("policy=best");
  assertEquals(at, [1000, 1003, 1008, 1008, 1000, 1008]);
  assertEquals(looked, [1, 2, 3, 4, 4, 4]);
  assertEquals(lists, [
    "(1003 97)",
    "(1000 3) (1003 97)",
    "(1000 3) (1008 92)",
    "(1000 3) (1003 5) (1008 92)",
    "(1000 3) (1003 5) (1016 84)",
    "(1000 3) (1003 5) (1008 8) (1016 84)",
    "(1000 3) (1003 5) (1016 84)",
    "(1000 3) (1003 5) (1008 8) (1016 84)",
    "(1002 1) (1003 5) (1008 8) (1016 84)",
    "(1002 1) (1003 5) (1015 1) (1016 84)",
  ]);
});

Deno.test("OSTEP 17.2: worst fit cuts the large hole and leaves more of them", async () => {
  const { at, looked, lists } = await answers("policy=worst");
  assertEquals(at, [1000, 1003, 1008, 1016, 1024, 1026]);
  assertEquals(looked, [1, 2, 3, 4, 5, 5]);
  assertEquals(
    lists.at(-1),
    "(1000 3) (1003 5) (1008 8) (1016 8) (1033 67)",
  );
});

Deno.test("OSTEP 17.3: first fit places as best fit here, and looks at fewer", async () => {
  const { at, looked } = await answers("policy=first");
  assertEquals(at, [1000, 1003, 1008, 1008, 1000, 1008]);
  assertEquals(looked, [1, 2, 3, 3, 1, 3]);
});

Deno.test("among equal holes the first on the list is taken", async () => {
  const ops = "+10,+1,+10,+1,-0,-2,+10";
  for (const policy of ["first", "best", "worst:size=22"]) {
    const { at } = await answers(`policy=${policy}`, ops);
    assertEquals(at.at(-1), 1000, policy);
  }
});

Deno.test("OSTEP 17.4: the order of the list decides what first fit takes", async () => {
  const list = async (order: string) =>
    (await answers(`order=${order}`, "+10,+20,+30,-1,-0,-2,+5")).lists.slice(
      -2,
    );
  assertEquals(await list("address"), [
    "(1000 10) (1010 20) (1030 30) (1060 40)",
    "(1005 5) (1010 20) (1030 30) (1060 40)",
  ]);
  assertEquals(await list("ascending"), [
    "(1000 10) (1010 20) (1030 30) (1060 40)",
    "(1005 5) (1010 20) (1030 30) (1060 40)",
  ]);
  assertEquals(await list("descending"), [
    "(1060 40) (1030 30) (1010 20) (1000 10)",
    "(1065 35) (1030 30) (1010 20) (1000 10)",
  ]);
  assertEquals(await list("front"), [
    "(1030 30) (1000 10) (1010 20) (1060 40)",
    "(1035 25) (1000 10) (1010 20) (1060 40)",
  ]);
  assertEquals(await list("back"), [
    "(1060 40) (1010 20) (1000 10) (1030 30)",
    "(1065 35) (1010 20) (1000 10) (1030 30)",
  ]);
});

Deno.test("OSTEP 17.5: what is not coalesced serves no larger request", async () => {
  const ops = "+50,+50,-0,-1,+60";
  const apart = await answers("policy=best", ops);
  assertEquals(apart.lists.at(-1), "(1000 50) (1050 50)");
  assertMatch(apart.out, /NULL: best fit: no hole holds 60; 2 looked at/);
  const joined = await answers("policy=best:coalesce=on", ops);
  assertEquals(joined.at, [1000, 1050, 1000]);
  assertMatch(joined.out, /joined: a hole of 100 at 1000/);
  // Coalescing needs neighbours on the list to be neighbours in memory.
  const back = await answers("order=back:coalesce=on", "+50,+50,-1,-0");
  assertEquals(back.lists.at(-1), "(1050 50) (1000 50)");
});

Deno.test("a step says why, and shows the heap side by side", async () => {
  const { out } = await spoken([
    "step",
    "--ops",
    "a 7 24; a 8 8; a 9 40; a 10 8; f 9; f 7; a 11 20",
    "--allocator",
    "first_fit:header=0:align=1,best_fit:header=0:align=1",
  ]);
  const last = out.trimEnd().split("\n\n").at(-1)!.split("\n");
  assertEquals(last, [
    "7  a 11 20",
    "   first_fit:header=0:align=1  at 0: hole of 24 at 0 is the lowest that holds 20; split, 4 left",
    "     [0 #11 20] (20 4) [24 #8 8] (32 40) [72 #10 8]",
    "     1111111111.." + "8888" + ".".repeat(20) +
    "0000  (2 bytes a character)",
    "   best_fit:header=0:align=1  at 0: hole of 24 at 0 is the smallest that holds 20; split, 4 left",
    "     [0 #11 20] (20 4) [24 #8 8] (32 40) [72 #10 8]",
    "     1111111111.." + "8888" + ".".repeat(20) +
    "0000  (2 bytes a character)",
  ]);
});

Deno.test("a step knows caches, bins, joined holes, and refusals", async () => {
  const { out } = await spoken([
    "step",
    "--ops",
    "a 0 24; f 0; a 1 20; r 1 5000",
    "--allocator",
    "glibc",
  ]);
  assertMatch(out, /kept in tcache\[32\]\n.*\{664 32 tcache\[32\]\}/);
  assertMatch(
    out,
    /at 672: tcache; the block of 32 at 664 in tcache\[32\]; taken whole/,
  );
  assertMatch(out, /lists: top: 1 of \d+ bytes/);
  const grown = await spoken([
    "step",
    "--ops",
    "a 0 100000; a 1 100000",
    "--allocator",
    "glibc",
  ]);
  assertMatch(
    grown.out,
    /top, brk; the hole of \d+ at \d+ was lengthened by new memory/,
  );
  const fit = await spoken([
    "step",
    "--ops",
    "a 0 10;a 1 10;a 2 10;a 3 10;f 0;f 2;f 1;r 3 90;f -1",
    "--allocator",
    "worst_fit:header=0:align=1:arena=100",
  ]);
  assertMatch(
    fit.out,
    /joined with what is free below and above: a hole of 30 at 0/,
  );
  assertMatch(fit.out, /NULL: there is no room; the old block stays/);
  assertMatch(fit.out, /nothing to free/);
});

Deno.test("a step tells long runs of equal blocks by their first", async () => {
  const words = ["step", "--ops", "a 0 16", "--allocator", "kmalloc"];
  const { out } = await spoken(words);
  assertMatch(
    out,
    /\[0 #0 16\] \{16 16 kmalloc-16 CPU 0\} and 254 more of these\n/,
  );
  assertMatch(out, /\n {5}0~{63} {2}\(64 bytes a character\)\n/);
  assertMatch(out, /lists: kmalloc-16 CPU 0: 255 of 4080 bytes\n/);
});

Deno.test("what step cannot take is said in one line", async () => {
  const refused = (line: string, says: string) =>
    assertRejects(
      async () => await spoken(line.split(" ")),
      Error,
      says,
    );
  const ops = "step --allocator first_fit --ops";
  await refused(`${ops} a_0_16`, "--ops:1: Expected an operation");
  await refused(`${ops} f=0`, "--ops:1: Expected ");
  await refused(`${ops} +16,-0,-0`, "--ops:3: Expected ");
  await refused("step --allocator first_fit", "expects one TRACE, or --ops");
  await refused("step --ops +1", "step expects --allocator");
  await assertRejects(
    () => spoken([...ops.split(" "), "a 0 16; t 0"]),
    RangeError,
    "--ops:2: The allocator has no malloc_trim",
  );
  const large = "free_list:size=1G,first_fit:arena=1M";
  const { out } = await spoken(["step", "--ops", "+1", "--allocator", large]);
  assertMatch(out, /\(1 1073741823\)/);
});

Deno.test("a long trace is shown as far as asked", async () => {
  const { out } = await spoken([
    "step",
    "--ops",
    "a 0 1; p x; a 1 1; a 2 1",
    "--most",
    "1",
    "--allocator",
    "bump",
  ]);
  assertMatch(out, /^1 {2}a 0 1\n/);
  assertEquals(out.split("\n").slice(-2), [
    "... and 2 more requests (--most 3)",
    "",
  ]);
});
