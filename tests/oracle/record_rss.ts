/**
 * Records fixtures/rss_*.gz: how many pages a process has more, and how often
 * it faulted, since before the first operation, while it replays a recorded
 * program, or random requests with calloc, realloc and malloc_trim. Give it the
 * program built from glibc_replay.c for 64 bits:
 *
 *     deno run -A tests/oracle/record_rss.ts replay64
 *
 * Addresses are not randomized. A line is `operation pages faults pages faults`,
 * first with every payload byte written, then with none.
 *
 * @module
 */

/** Operations between samples. */
const EVERY = 1000;

/** Requests of `count` operations that leave pages for malloc_trim. */
function trimming(seed: number, count: number): string {
  let state = seed;
  const below = (n: number) =>
    (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % (n * 256) >> 8;
  const live: number[] = [];
  const lines = ["0", "0", "0", "0"];
  for (let id = 0; lines.length < count;) {
    const size = 2 ** below(14) + below(5000);
    const kind = below(100);
    const victim = below(Math.max(1, live.length));
    if (kind === 0) lines.push(`t ${below(2) * below(100_000)}`);
    else if (kind < 50 && live.length < 300 || live.length === 0) {
      lines.push(`${kind < 20 ? "c" : "a"} ${id} ${size}`);
      live.push(id++);
    } else if (kind < 65) lines.push(`r ${live[victim]} ${size}`);
    else lines.push(`f ${live.splice(victim, 1)}`);
  }
  return lines.join("\n") + "\n";
}

function packed(text: string): ReadableStream<Uint8Array> {
  return new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
}

async function samplesOf(replay: string, trace: string, written: boolean) {
  const scratch = await Deno.makeTempFile();
  await Deno.writeTextFile(scratch, trace);
  const args = ["-R", "-q", "-s", `${EVERY}`, scratch];
  if (written) args.unshift("-w");
  const { stdout } = await new Deno.Command(replay, { args }).output();
  await Deno.remove(scratch);
  const rows = new TextDecoder().decode(stdout).split("\n")
    .filter((line) => line.startsWith("S"))
    .map((line) => line.split(" ").slice(1).map(Number));
  const [pages0, faults0] = rows[0]!.slice(11) as [number, number];
  return rows.map((row) => [row[0]!, row[11]! - pages0, row[12]! - faults0]);
}

async function record(replay: string, name: string, trace: string) {
  const written = await samplesOf(replay, trace, true);
  const none = await samplesOf(replay, trace, false);
  const lines = written.map((row, i) =>
    [...row, ...none[i]!.slice(1)].join(" ")
  );
  const path = new URL(`fixtures/rss_${name}.gz`, import.meta.url);
  await Deno.writeFile(path, packed(lines.join("\n") + "\n"));
}

const [replay] = Deno.args;
for (const name of ["bash", "cc1", "perl", "python", "sqlite"]) {
  const path = new URL(`../../data/traces/${name}.rep.gz`, import.meta.url);
  const text = (await Deno.open(path)).readable
    .pipeThrough(new DecompressionStream("gzip"));
  await record(replay!, name, await new Response(text).text());
}
const trace = trimming(1, 20_000);
const path = new URL("fixtures/trimming.rep.gz", import.meta.url);
await Deno.writeFile(path, packed(trace));
await record(replay!, "trimming", trace);
