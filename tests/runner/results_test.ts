import { assert, assertEquals, assertMatch } from "@std/assert";
import { read } from "../../experiments/measures/csv.ts";
import { contents, lab, ok, processTest } from "./lab.ts";

const ARGS = ["experiments", "churning", "paging", "--seeds", "3"];

processTest(
  "a run writes every file as the data package says",
  async (folder) => {
    Deno.writeTextFileSync(`${folder}/input.txt`, "hello");
    const { out } = await ok(
      [...ARGS, "reading", "--out", "out"],
      { cwd: folder },
    );
    assertMatch(
      out,
      /^churning: Does the fixture work\?\nallocator +cells +peak/,
    );
    assertMatch(out, /\nkingsley +6 +69\.33 KiB +24\.9 % .*\nMeans over 3 se/);
    assertMatch(out, /\nbuddy +2 .*\nDeterministic: the same for every seed/);
    assertMatch(out, /\none +holds +1 +1 \+- 0\.25 +One is one\.\n/);
    assertMatch(
      out,
      /\nkingsley-wastes +holds only if +0\.2.* Only if sizes are random\.\n/,
    );
    assertMatch(out, /\nnever-measured +not measured +0 +Nothing/);
    assertMatch(out, /\nfalse +regression +1 +2 /);
    assertMatch(out, /\nknown-false +refuted as expected +1 +3 /);
    const files = contents(`${folder}/out`);
    const { resources } = JSON.parse(files.get("datapackage.json")!);
    const csvFiles = [...files.keys()].filter((name) =>
      /^[^/]*\.csv$/.test(name)
    );
    assertEquals(
      resources.map(({ path }: { path: string }) => path).toSorted(),
      [...csvFiles, "timing.csv"].toSorted(),
    );
    for (const { path, schema, provenance } of resources) {
      const text = Deno.readTextFileSync(`${folder}/out/${path}`);
      assert(!text.includes("\r") && text.endsWith("\n"), path);
      const { names, rows } = read(text);
      assertEquals(
        names,
        schema.fields.map(({ name }: { name: string }) => name),
      );
      for (const [i, { type, description }] of schema.fields.entries()) {
        assert(description !== "", `${path}: ${names[i]}`);
        const form = { integer: /^(-?\d+)?$/, number: /^(-?\d+(\.\d+)?)?$/ }[
          type as string
        ];
        for (const row of rows) if (form) assertMatch(row[i]!, form, names[i]);
      }
      if (!provenance) continue;
      const { random, seeds } = provenance;
      assertEquals(seeds, random ? [1, 2, 3] : [1], path);
      assertEquals(random, /^churning/.test(path), path);
    }
    assertEquals(
      read(files.get("summary.csv")!).rows.length,
      3 * 2 * 3 + 2 + 1,
    );
    const reading = files.get("summary.csv")!.match(/^reading,.*$/gm)!;
    assertEquals(reading.map((line) => line.split(",").at(-1)), ["5"]);
  },
);

processTest(
  "two runs with any number of workers are the same bytes",
  async (folder) => {
    const one = await ok([...ARGS, "--jobs", "1", "--out", `${folder}/1`]);
    const two = await ok([...ARGS, "--jobs", "2", "--out", `${folder}/2`]);
    assertEquals(one.out, two.out);
    const files = contents(`${folder}/1`);
    assert(files.has(".cells/churning/all.cells"), "kept cells as well");
    assertEquals(files, contents(`${folder}/2`));
  },
);

processTest(
  "a run of one experiment leaves the rows of others",
  async (folder) => {
    const out = ["--out", folder];
    await ok([...ARGS, ...out]);
    const before = contents(folder);
    const other = ["--set", "order=1", ...out];
    await ok(["experiments", "paging", ...other]);
    const between = contents(folder);
    assertEquals(between.get("churning.csv"), before.get("churning.csv"));
    const rows = (text: string, name: string) =>
      text.split("\n").filter((line) => line.startsWith(name));
    const summary = between.get("summary.csv")!;
    assertEquals(
      rows(summary, "churning"),
      rows(before.get("summary.csv")!, "churning"),
    );
    assertEquals(rows(summary, "paging").length, 1);
    assertEquals(between.get("claims.csv"), before.get("claims.csv"));
    await ok(["experiments", "paging", "--seeds", "3", ...out]);
    assertEquals(contents(folder), before);
  },
);

processTest(
  "an allocator that cannot take part is left out, unless it is the only one",
  async (folder) => {
    const how = { cwd: folder };
    Deno.writeTextFileSync(`${folder}/x.rep`, "a 0 1\nt 0\n");
    const cases = [
      [
        "experiments paging",
        "tlsf,buddy",
        /\nbuddy +2 .*\nDet.*\nLeft out: tlsf: The allocator does not serve pages\n/,
      ],
      [
        "replay x.rep",
        "tlsf,bump,glibc",
        /\nglibc +1 .*\nDet.*\nLeft out: tlsf: x\.rep:2: The allocator has no malloc_trim\nLeft out: bump: /,
      ],
    ] as const;
    const both = "experiments paging explaining --allocator buddy --out two";
    assertMatch(
      (await ok(both.split(" "), how)).out,
      /\nLeft out: buddy: does not offer explain \(where a block came from\)\n/,
    );
    const alone = await lab(
      "experiments explaining --allocator buddy --out two".split(" "),
      how,
    );
    assertEquals([alone.code, alone.err], [
      1,
      "explaining (buddy): does not offer explain (where a block came from)\n",
    ]);
    for (const [command, allocators, says] of cases) {
      const args = [...command.split(" "), "--out", "out", "--allocator"];
      assertMatch((await ok([...args, allocators], how)).out, says);
      const { code, err } = await lab([...args, "tlsf"], how);
      const name = command.startsWith("replay") ? "replay" : "paging";
      const why = says.source.match(/(?<=: )The allocator [a-z_ ]+/)![0];
      assertEquals(code, 1);
      assert(err.startsWith(`${name} (tlsf): `) && err.includes(why), err);
      assertEquals(err.split("\n").length, 2);
    }
    const all = ["experiments", "churning", "paging", "--scale", "quick"];
    const { out } = await ok([...all, "--allocator", "tlsf", "--out", "all"], {
      cwd: folder,
    });
    assertMatch(out, /\ntlsf +1 .*[^]*\nLeft out: tlsf: The allocator does/);
  },
);

processTest(
  "a run that fails leaves a folder whose files agree",
  async (folder) => {
    const [failed, good] = [`${folder}/failed`, `${folder}/good`];
    const begin = ["experiments", "--jobs", "1", "churning"];
    const more = ["waiting", "paging", "--seeds", "2"];
    for (const out of [failed, good]) {
      await ok([...begin, ...more, "--out", out]);
    }
    const changes = [...begin, "--seed", "9", "--set", "how=range", "--out"];
    const { code, err } = await lab([...changes, failed, "failing"]);
    assertEquals(code, 1);
    assertEquals(
      err.split("\n").slice(-2),
      ["failing (-): out of range (how=range)", ""],
    );
    await ok([...begin, "--seed", "9", "--out", good]);
    assertEquals(contents(failed), contents(good));
    const seeds = (name: string) => {
      const { names, rows } = read(
        Deno.readTextFileSync(`${failed}/${name}.csv`),
      );
      return new Set(rows.map((row) => row[names.indexOf("seed")]));
    };
    assertEquals(seeds("churning"), new Set(["9"]));
    assertEquals(seeds("waiting"), new Set(["1", "2"]));
    assertEquals(seeds("paging").size, 0); // it has no samples
    assertEquals(seeds("summary"), new Set(["9", "1", "2"]));
  },
);

processTest("statistics are those of the seeds", async (folder) => {
  await ok(["experiments", "churning", "--seeds", "4", "--out", folder]);
  const { names, rows } = read(Deno.readTextFileSync(`${folder}/summary.csv`));
  const column = names.indexOf("splits");
  const splits = rows.slice(0, 4).map((row) => Number(row[column]));
  const mean = splits.reduce((sum, n) => sum + n, 0) / 4;
  const deviation = Math.sqrt(
    splits.reduce((sum, n) => sum + (n - mean) ** 2, 0) / 3,
  );
  const margin = 3.182446305 * deviation / 2;
  const statistics = read(Deno.readTextFileSync(`${folder}/statistics.csv`));
  const row = statistics.rows.find((row) => row.includes("splits"))!;
  const digits = (numbers: number[]) => numbers.map((n) => n.toFixed(6));
  const from = statistics.names.indexOf("seeds");
  assertEquals(row.slice(from, from + 5), [
    "4",
    ...digits([mean, deviation, mean - margin, mean + margin]),
  ]);
  const sorted = splits.toSorted((a, b) => a - b);
  const [median, low, high] = row.slice(-3).map(Number);
  assertEquals(median, (sorted[1]! + sorted[2]!) / 2);
  assert(sorted[0]! <= low! && low! <= median! && median! <= high!);
  // Seed by seed against the first allocator, of the same point.
  const other = rows.slice(8, 12).map((row) => Number(row[column]));
  const differences = read(
    Deno.readTextFileSync(`${folder}/differences.csv`),
  );
  const between = differences.rows.find((row) => row.includes("splits"))!;
  assertEquals(between[1], "best_fit");
  assertEquals(between[4], "first_fit");
  assertEquals(between[differences.names.indexOf("seeds")], "4");
  assertEquals(
    Number(between[differences.names.indexOf("mean")]),
    other.reduce((sum, n, i) => sum + n - splits[i]!, 0) / 4,
  );
});
