/**
 * Real allocators side by side, where programs may be run: the machine's C
 * library, and an allocator of a few lines that is put before it.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { find } from "../../experiments/real/allocators.ts";
import { end, ok, processTest, ROOT } from "../runner/lab.ts";
import { mayNotRun } from "../skipped.ts";

const MAIN = new URL("../../experiments/main.ts", import.meta.url).pathname;

/** An allocator that never gives anything back: 16 bytes of header, by mmap. */
const GREEDY = `
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>
static char *at, *end;
void *memalign(size_t align, size_t size) {
  size_t need = size + 16 + align;
  if (at + need > end) {
    size_t bytes = need > 1 << 20 ? need : 1 << 20;
    at = mmap(0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    end = at + bytes;
  }
  char *p = (char *)(((size_t)at + 16 + align - 1) / align * align);
  ((size_t *)p)[-1] = size;
  at = p + size;
  return p;
}
void *malloc(size_t size) { return memalign(16, size); }
void free(void *p) { (void)p; }
void *calloc(size_t n, size_t size) { return malloc(n * size); }
size_t malloc_usable_size(void *p) { return ((size_t *)p)[-1]; }
#ifndef PARTIAL
void *realloc(void *p, size_t size) {
  void *q = malloc(size);
  if (p) memcpy(q, p, ((size_t *)p)[-1] < size ? ((size_t *)p)[-1] : size);
  return q;
}
#endif
`;

/** 200 rounds of a block of 1000 bytes: what is freed can be used again. */
const TRACE = Array.from({ length: 200 }, (_, i) => `a 0 ${1000 + i}\nf 0\n`)
  .join("") + "a 1 5000\nr 1 9000\nm 2 64 100\nt 0\n";

/** Both forms of musl, where Debian's package is installed. */
const MUSL = hasMusl() ? ",musl,musl-dyn" : "";

function hasMusl(): boolean {
  try {
    find({ name: "musl", path: undefined }, `${ROOT}data`);
    return true;
  } catch (error) {
    console.log(`SKIPPED musl: ${(error as Error).message}`);
    return false;
  }
}

async function compare(words: readonly string[], cwd: string) {
  const child = new Deno.Command("deno", {
    args: [
      "run",
      "--allow-read",
      "--allow-write=data,/tmp",
      "--allow-run=cc,env,setarch",
      "--allow-env=INIT_CWD,NO_COLOR",
      MAIN,
      "compare",
      ...words,
      "--out",
      "out",
    ],
    cwd: ROOT,
    env: { INIT_CWD: cwd, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return await end(child);
}

processTest("real allocators side by side", async (folder) => {
  const missing = mayNotRun("cc");
  if (missing) return console.log(`SKIPPED real allocators: ${missing.why}`);
  Deno.writeTextFileSync(`${folder}/t.rep`, `0\n0\n0\n1\n${TRACE}`);
  Deno.writeTextFileSync(`${folder}/greedy.c`, GREEDY);
  for (const [name, ...flags] of [["greedy"], ["partial", "-DPARTIAL"]]) {
    const args = ["-shared", "-fPIC", "-fno-builtin", "-w", ...flags];
    const { success } = await new Deno.Command("cc", {
      args: [...args, "-o", `${folder}/${name}.so`, `${folder}/greedy.c`],
    }).output();
    assert(success, "cc builds it");
  }
  // As if a comparison had been killed.
  const left = `${ROOT}data/real/.${crypto.randomUUID()}.tmp`;
  Deno.mkdirSync(left, { recursive: true });
  Deno.writeTextFileSync(`${left}/requests.rep`, "");
  const { code, out, err } = await compare([
    "t.rep",
    `--real=glibc,greedy=greedy.so${MUSL}`,
    "--model=glibc,bump",
    "--repetitions=2",
    "--json",
  ], folder);
  assertEquals(code, 0, err);
  assertMatch(err, /^Tables and the page are in out$/m);
  assertThrows(() => Deno.statSync(left), Deno.errors.NotFound);
  const { operations, allocators: [glibc, greedy, ...others] } = JSON.parse(
    out,
  );
  const models = others.splice(-2);
  for (const { version, end_bytes } of others) {
    assertMatch(version, /^musl \d+\.\d+/);
    // Groups of two classes, and what describes them.
    assert(end_bytes > 0 && end_bytes < 40_000, `${end_bytes}`);
  }
  assertEquals(operations, 403);
  assertMatch(glibc.version, /^glibc 2\.\d+/);
  // 200 blocks of 1100 bytes on average stay, over 9100 that are live at most.
  assert(greedy.end_bytes > 220_000 && greedy.end_bytes < 300_000);
  assert(glibc.end_bytes < 40_000, `${glibc.end_bytes}`);
  assert(greedy.peak_per_live > 5 * glibc.peak_per_live);
  assert(greedy.faults >= greedy.end_bytes / 4096 - 16);
  for (const { ns_low, ns_per_operation, ns_high } of [glibc, greedy]) {
    assert(0 < ns_low && ns_low <= ns_per_operation);
    assert(ns_per_operation <= ns_high);
  }
  assertEquals(
    models.map(({ allocator }: { allocator: string }) => allocator),
    [
      "glibc",
      "bump",
    ],
  );
  // The replayer touches what it needs before the first request.
  if (glibc.version === "glibc 2.36") {
    assertEquals(glibc.end_bytes, models[0].end_bytes);
  }
  const csv = Deno.readTextFileSync(`${folder}/out/over_time.csv`);
  assertMatch(
    csv,
    /^allocator,op,live_bytes,resident_bytes,faults\nglibc,0,0,0,0$/m,
  );
  assertMatch(csv, /^glibc \(model\),0,0,0,0$/m);
  const page = Deno.readTextFileSync(`${folder}/out/index.html`);
  assertMatch(page, /^<!DOCTYPE html>[^]*greedy[^]*<\/html>\n$/);

  const says = async (real: string, code: number, text: RegExp) => {
    const ended = await compare(["t.rep", `--real=${real}`], folder);
    assertMatch(ended.err, text, real);
    assertEquals([ended.code, ended.err.split("\n").length], [code, 2], real);
  };
  await says("x=no.so", 1, /^Cannot read \/.*no\.so: there is no such file$/m);
  await says(
    "x=t.rep",
    1,
    /^x: .*t\.rep does not serve: malloc is that of .*libc/,
  );
  await says("x=partial.so", 1, /^x: .*: realloc is that of \/.*libc/);
  Deno.writeTextFileSync(`${folder}/frees.rep`, "f 0\nf -1\n");
  const { code: none, err: why } = await compare(
    ["frees.rep", "--real=glibc"],
    folder,
  );
  assertEquals([none, why], [
    1,
    "Nothing is live at any sample; they are 1 operation apart\n",
  ]);
  await says("hoard", 2, /^--real knows glibc, jemalloc/);
  assertMatch((await ok(["compare", "--install"])).out, /^apt-get install lib/);
});

processTest("the simulated glibc answers as the real one", async (folder) => {
  const missing = mayNotRun("cc");
  if (missing) return console.log(`SKIPPED the real glibc: ${missing.why}`);
  Deno.writeTextFileSync(`${folder}/t.rep`, `0\n0\n0\n1\n${TRACE}`);
  const { code, out, err } = await compare(["t.rep", "--sample=100"], folder);
  if (/No real malloc/.test(err)) return console.log(`SKIPPED ${err}`);
  assertEquals([code, err], [0, ""]);
  assertMatch(out, /^t\.rep under glibc: 404 operations$/m);
  assertMatch(out, /^lines that differ +0\nfigures that differ +0 of 6$/m);
  assertMatch(out, /, at most 0 apart$/m);
  const csv = Deno.readTextFileSync(`${folder}/out`);
  assertMatch(csv, /^op,real_break_bytes,break_bytes,.*\n0,0,0,0,0,0,0\n/);

  const says = async (words: string[], code: number, text: RegExp) => {
    const ended = await compare(["t.rep", ...words], folder);
    assertMatch(ended.err, text);
    assertEquals([ended.code, ended.out], [code, ""]);
  };
  await says(["--allocator=musl"], 2, /knows the real glibc only, not musl$/m);
  await says(["--json"], 2, /^--json goes with --real NAMES/);
  await says(["--real=glibc", "--version=2.31"], 2, /goes without --real/);
  await says(["--version=2.31", "--folder=/no"], 1, /no glibc 2\.31 in \/no/);
});
