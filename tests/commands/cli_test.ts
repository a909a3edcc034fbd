import { assert, assertEquals, assertMatch } from "@std/assert";
import { parquetReadObjects } from "hyparquet";
import { CONFORMANCE } from "../../experiments/conformance/conformance.ts";
import { lab, ok, processTest, ROOT, start } from "../runner/lab.ts";
import { MAPS } from "./maps.ts";

const REAL = `${ROOT}experiments/main.ts`;
const REP = "a 0 100\na 1 200\nf 0\np middle\nr 1 5000\nf -1\nr 2 64\nc 3 7\n";

processTest("help, lists and a reader that has seen enough", async (folder) => {
  const help = await ok(["--help"], { program: REAL });
  assertMatch(help.out, /\n {2}experiments +run experiments/);
  const replay = await ok(["replay", "--help"], { program: REAL });
  assertMatch(replay.out, /Examples:\n {2}deno task run replay cc1/);
  assertMatch(
    (await ok(["list"])).out,
    /\n {2}churning: Does the fixture work\?/,
  );
  const list = JSON.parse((await ok(["list", "--json"])).out);
  assertEquals(list.experiments[1].parameters.order.values.default, [0, 3]);
  assertEquals(list.allocators[0].options.align.summary !== undefined, true);
  const big = ["waiting", "--seeds", "200", "--set", "milliseconds=0"];
  await ok(["experiments", ...big, "--out", folder]);
  assert(Deno.statSync(`${folder}/waiting.csv`).size > 2 ** 20);
  const child = start(["export", "--results", folder]);
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  const [{ code }, err] = await Promise.all([
    child.status,
    new Response(child.stderr).text(),
  ]);
  assertEquals([code, err], [0, ""]);
});

processTest(
  "replay of files, standard input and single addresses",
  async (folder) => {
    const how = { cwd: folder };
    Deno.writeTextFileSync(`${folder}/x.rep`, REP);
    const args = ["--allocator", "first_fit,kingsley", "--sample", "3"];
    await ok(["replay", "x.rep", ...args, "--out", "file"], how);
    const file = Deno.readTextFileSync(`${folder}/file/replay.csv`);
    const piped = ["replay", "-", ...args, "--out", "piped"];
    await ok(piped, { ...how, input: REP });
    const stdin = Deno.readTextFileSync(`${folder}/piped/replay.csv`);
    assertEquals(stdin, file.replaceAll("x.rep", "-"));
    assertEquals([...Deno.readDirSync(`${folder}/piped/.cells`)].length, 2);
    assertMatch(
      file,
      /^replay,kingsley,x\.rep,pid=only;sample=3;touch=all;trace=x\.rep,1,heap,middle/m,
    );
    const addresses = ["--allocator", "kingsley", "--addresses"];
    const { out } = await ok(["replay", "x.rep", ...addresses], how);
    const lines = out.trimEnd().split("\n").map((line) => line.split(" "));
    assertEquals(lines.map(([op]) => op), ["0", "1", "2", "3", "4", "5", "6"]);
    assertEquals(lines.map(([, kind]) => kind).join(""), "HH-H-HH");
    assert(
      lines.every(([, kind, hex, usable]) =>
        kind === "-" || /^[0-9a-f]+$/.test(hex!) && Number(usable) >= 7
      ),
    );
    const pages = await ok(
      ["replay", "x.rep", "--allocator", "buddy", "--addresses"],
      how,
    );
    const advice =
      "Note: buddy: a request for bytes takes whole pages of 4096;";
    assertEquals(pages.err.slice(0, advice.length), advice);
    Deno.writeTextFileSync(`${folder}/zone.pages`, "a 1 0 1\n");
    for (
      const [file, spec, says] of [
        [
          "x.rep",
          "buddy,lazy_buddy:page=16",
          "Note: buddy: a request for bytes ",
        ],
        ["zone.pages", "buddy", "Results are in "],
      ]
    ) {
      const run = ["replay", file!, "--allocator", spec!, "--out", "noted"];
      const { err } = await ok(run, how);
      assertEquals(err.slice(0, says!.length), says);
      assertEquals(err.includes("lazy_buddy"), false);
    }
    const same = await ok(["replay", "-", ...addresses], {
      ...how,
      input: REP,
    });
    assertEquals(same.out, out);
    const words = "workload random_churn --set live=9 --set steps=40 --seed 3";
    const saved = await ok(words.split(" "));
    assertEquals(saved.out.match(/^[af] /gm)?.length, 9 + 2 * 40);
    const again = ["replay", "-", ...addresses];
    const answers = await ok(again, { ...how, input: saved.out });
    assertEquals(answers.out.match(/^\d+ [H-]/gm)?.length, 9 + 2 * 40);
  },
);

processTest("replay in the address space of a process", async (folder) => {
  Deno.writeTextFileSync(`${folder}/maps`, MAPS);
  Deno.writeTextFileSync(`${folder}/x.rep`, "o -4 0\na 0 4000\na 1 1200000\n");
  const replay = ["replay", "x.rep", "--allocator", "glibc", "--addresses"];
  const how = { cwd: folder };
  const { out } = await ok([...replay, "--space", "maps"], how);
  assertEquals(out, "0 -\n1 H 2a0 4008\nb 21000\n2 X 10 1200008\n");
  const usual = await ok(replay, how);
  assertMatch(usual.out, /^2 H 1250 1200008$/m);
});

processTest("export selects columns, parameters and rows", async (folder) => {
  const results = ["--results", "out"];
  const how = { cwd: folder };
  const run = ["experiments", "churning", "paging", "--seed", "1"];
  await ok([...run, "--out", "out"], how);
  const whole = await ok(["export", "churning", ...results], how);
  assertEquals(whole.out, Deno.readTextFileSync(`${folder}/out/churning.csv`));
  const packed = start(
    ["export", "churning", "--as", "parquet", ...results],
    how,
  );
  const { stdout } = await packed.output();
  const [first] = await parquetReadObjects({
    file: stdout.buffer.slice(stdout.byteOffset).slice(0, stdout.length),
  });
  assertEquals(Object.keys(first!).join(), whole.out.split("\n")[0]);
  assertEquals(first!.op, 500n);
  const some = ["--columns", "allocator,live,op", "--where", "live=50"];
  const { out } = await ok(
    ["export", ...some, "--where", "op=500", ...results],
    how,
  );
  assertEquals(
    out,
    "allocator,live,op\nfirst_fit,50,500\nbest_fit,50,500\nkingsley,50,500\n",
  );
  const summary = await ok(
    [
      "export",
      "--table",
      "summary",
      "--columns",
      "order,first_pfn",
      ...results,
    ],
    how,
  );
  assertMatch(summary.out, /^order,first_pfn\n(,\n){6}0,\d+\n3,\d+\n$/);
  const unknown = await lab(["export", "--columns", "no", ...results], how);
  assertEquals(unknown.code, 2);
  assertMatch(
    unknown.err,
    /^Unknown column "no": known are experiment, .*live/,
  );
  const wrong: [string, string][] = [
    ["nosuch", 'No results of "nosuch": there are those of churning, paging'],
    [
      "--table summary nosuch",
      'No results of "nosuch": there are those of churning, paging',
    ],
    [
      "--table phases paging",
      'No results of "paging": there are those of churning',
    ],
    [
      "--table nosuch",
      'Unknown table "nosuch": known are summary, statistics, differences, ' +
      "claims, timing, phases",
    ],
  ];
  for (const [line, says] of wrong) {
    const args = ["export", ...line.split(" "), ...results];
    const { code, out, err } = await lab(args, how);
    assertEquals([code, out, err], [2, "", `${says}\n`]);
  }
});

processTest("claims and checks", async (folder) => {
  const claims = ["claims", "false", "one", "--json", "--out", folder];
  const judged = await lab(claims);
  assertEquals(
    JSON.parse(judged.out)
      .map(({ id, verdict }: Record<string, string>) => [id, verdict]),
    [["one", "holds"], ["false", "refuted"]],
  );
  assertEquals(judged.code, 1);
  assertMatch(judged.err, /^1 claim gets another verdict than expected$/m);
  await ok(["claims", "one", "known-false", "--out", folder]);
  const open = "claims never-measured one kingsley-wastes --allocator bump";
  const unmeasured = await lab([...open.split(" "), "--out", folder]);
  assertEquals(unmeasured.code, 1);
  assertMatch(unmeasured.err, /^2 claims are not measured$/m);
  assertMatch(
    unmeasured.out,
    /^Not measured: kingsley-wastes: --allocator leaves out the cells that decide it; to measure: deno task run claims kingsley-wastes$/m,
  );
  assertMatch(
    unmeasured.out,
    /^Not measured: never-measured: it needs files of others/m,
  );
  const fits = new URL("../../allocators/registry.ts", import.meta.url).href;
  Deno.writeTextFileSync(
    `${folder}/leaks.ts`,
    `import { ALLOCATORS } from "${fits}";
    const [entry] = ALLOCATORS;
    export default { ...entry, create(values, environment) {
      const heap = entry.create(values, environment);
      heap.free = () => {};
      return heap;
    } };`,
  );
  const good = await ok(["check", "best_fit:align=32"]);
  assertEquals(good.out.match(/^ {2}ok /gm)?.length, CONFORMANCE.length);
  const bad = await lab(["check", "./leaks.ts"], { cwd: folder });
  assertEquals(bad.code, 1);
  assertMatch(bad.out, /^\.\/leaks\.ts\n {2}FAILED /);
  assertMatch(bad.err, /^\d+ of \d+ checks failed\n$/);
});
