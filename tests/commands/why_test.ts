import { assertEquals, assertMatch } from "@std/assert";
import { CLEARED_MAP } from "../why/traces.ts";
import { lab, ok, processTest } from "../runner/lab.ts";

const TEXT = CLEARED_MAP.join("\n") + "\n";

processTest("why answers in words and leaves a page", async (folder) => {
  Deno.writeTextFileSync(`${folder}/map.rep`, TEXT);
  const how = { cwd: folder };
  const words = ["why", "map.rep", "--out", "page"];
  const { out, err } = await ok(words, how);
  assertMatch(out, /^map\.rep under glibc, after operation 4,001 of 4,001/);
  assertMatch(out, /1 block of cache_put \(cache\.c:77\) keeps 125\.0 KiB/);
  assertEquals(err, "The page is page/index.html\n");
  const page = Deno.readTextFileSync(`${folder}/page/index.html`);
  assertMatch(page, /^<!DOCTYPE html>[^]*keeps 125\.0 KiB[^]*<\/html>\n$/);
  // Workers or not, a file or standard input: the same answer.
  const one = await ok([...words, "--jobs", "1"], how);
  assertEquals(one.out, out);
  const piped = await ok(["why", "-", "--out", "page"], {
    ...how,
    input: TEXT,
  });
  assertEquals(piped.out, out.replace("map.rep", "-"));
  const filled = await ok([...words, "--at", "filled", "--touch", "none"], how);
  assertMatch(filled.out, /after operation 2,000 of 4,001 .*: at the mark fil/);

  const says = async (line: string, code: number, text: RegExp) => {
    const ended = await lab([...line.split(" "), "--out", "page"], how);
    assertMatch(ended.err, text, line);
    assertEquals([ended.code, ended.err.split("\n").length], [code, 2], line);
  };
  Deno.writeTextFileSync(`${folder}/bad.rep`, "a 0 1\na 0 1\n");
  Deno.writeTextFileSync(`${folder}/zone.pages`, "a 1 0 1\nf 1\n");
  await says("why", 2, /^why expects one TRACE/);
  await says("why map.rep --at nowhere", 1, /^Unknown instant "nowhere"/);
  await says("why map.rep --at 5000", 1, /^--at 5000: the trace has op/);
  await says("why no.rep", 1, /^Cannot read no\.rep: there is no/);
  await says("why bad.rep", 1, /^bad\.rep:2: Expected /);
  await says(
    "why zone.pages",
    1,
    /^zone\.pages: Expected requests for bytes, got a trace that requests pages \(\.pages\)$/m,
  );
  await says("why map.rep --allocator glibc,tlsf", 2, /^why expects one --all/);
  await says("why map.rep --allocator kmalloc", 1, /^kmalloc has memory of/);
  await says("why map.rep --touch some", 2, /^--touch expects one of none,/);
});

processTest(
  "calls of blocks that are not known are counted",
  async (folder) => {
    const heaptrack = "v 10400 3\nt 1 0\n- 99\n+ 8 1 10\n- 77\n+ 9 1 20\n";
    Deno.writeTextFileSync(`${folder}/part.raw`, heaptrack);
    for (
      const line of [
        "why part.raw --out page",
        "step part.raw --allocator glibc",
        "replay part.raw --allocator glibc --addresses",
        "convert part.raw --as rep",
        "diff part.raw part.raw --allocator glibc",
      ]
    ) {
      const { err } = await ok(line.split(" "), { cwd: folder });
      assertMatch(
        err,
        /^Note: part\.raw: left out, of blocks that are not known: 2$/m,
        line,
      );
    }
  },
);
