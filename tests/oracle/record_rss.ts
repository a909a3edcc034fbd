/**
 * Records fixtures/rss_*.gz: for each recorded program, how many pages the
 * process that replays it has more than before the first operation. Give it
 * the program built from replay.c for 64 bits:
 *
 *     deno run -A tests/oracle/record_rss.ts replay64
 *
 * Every payload byte is written and addresses are not randomized. A line is
 * `operation pages faults`.
 *
 * @module
 */

/** Operations between samples. */
const EVERY = "1000";

const [replay] = Deno.args;
const scratch = await Deno.makeTempFile();
for (const program of ["bash", "cc1", "perl", "python", "sqlite"]) {
  const packed = new URL(
    `../../data/traces/${program}.rep.gz`,
    import.meta.url,
  );
  const trace = (await Deno.open(packed)).readable;
  await Deno.writeFile(
    scratch,
    trace.pipeThrough(new DecompressionStream("gzip")),
  );
  const args = ["-R", "-q", "-w", "-s", EVERY, scratch];
  const { stdout } = await new Deno.Command(replay!, { args }).output();
  const samples = new TextDecoder().decode(stdout).split("\n")
    .filter((line) => line.startsWith("S"))
    .map((line) => line.split(" ").slice(1).map(Number));
  const [, , , , , , , , , , , pages, faults] = samples[0]!;
  const lines = samples.map((s) =>
    `${s[0]} ${s[11]! - pages!} ${s[12]! - faults!}`
  );
  await Deno.writeFile(
    new URL(`fixtures/rss_${program}.gz`, import.meta.url),
    new Blob([lines.join("\n") + "\n"]).stream()
      .pipeThrough(new CompressionStream("gzip")),
  );
}
await Deno.remove(scratch);
