/**
 * Foreign allocator modules: what misbehaves costs its own cells, and none can
 * do more than a run needs.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { checked } from "../../experiments/runner/checked.ts";
import { messageIn } from "../../experiments/keeper/message.ts";
import { keptIn, lab, link, ok, processTest, ROOT } from "./lab.ts";
import { HARM, moduleText } from "./modules.ts";

const RUN = ["experiments", "churning", "paging", "--scale", "quick"];

/** Runs `module` beside other allocators. */
async function runWith(folder: string, module: string, ...more: string[]) {
  const allocators = ["--allocator", `./${module}.ts,first_fit,buddy`];
  const limits = ["--cell-memory=300", "--cell-disk=8", "--seeds=2"];
  return await lab(
    [...RUN, ...allocators, ...limits, ...more, "--out", "out"],
    {
      cwd: folder,
    },
  );
}

function kept(folder: string): number {
  return keptIn(`${folder}/out`, "churning");
}

for (const [name, [code, said]] of Object.entries(HARM)) {
  processTest(`a module that ${name} costs its cells`, async (folder) => {
    Deno.writeTextFileSync(`${folder}/mine.ts`, moduleText(code));
    const time = name === "loops" ? ["--cell-time", "2"] : [];
    const { code: exit, out, err } = await runWith(folder, "mine", ...time);
    assertEquals(exit, 1);
    const lines = err.trimEnd().split("\n");
    assertEquals(lines.length, 3, err);
    const [line, more] = lines.at(-1)!.split("; ");
    assertMatch(line!, /^churning \(\.\/mine\.ts\): /);
    assertMatch(line!, said);
    assertEquals(more, "1 more cell fails");
    assert(out.startsWith("paging: "), out);
    assertEquals(kept(folder), 4);
  });
}

processTest("a module that is no use from the start", async (folder) => {
  const cases: [code: string, said: RegExp][] = [
    ["Deno.exit(0);", /it ended its process \(exit code 0\)$/],
    [`setTimeout(() => { throw new Error("x") }, 300);`, /Error: x$/],
    [`for (const a = [];;) a.push([1, 2, 3]);`, /memory$/],
  ];
  for (const [first, said] of cases) {
    Deno.writeTextFileSync(`${folder}/mine.ts`, moduleText("", first));
    const { code, err } = await runWith(folder, "mine");
    const lines = err.trimEnd().split("\n");
    assertEquals([code, lines.length, kept(folder)], [1, 1, 4], err);
    assertMatch(lines.at(-1)!, /^Cannot load \.\/mine\.ts: /);
    assertMatch(lines.at(-1)!, said);
    const check = await lab(["check", "./mine.ts"], { cwd: folder });
    if (first.startsWith("set")) continue; // it is done before
    assertEquals([check.code, check.err.split("\n").length], [1, 2]);
    assertMatch(check.err.trimEnd(), said);
  }
});

processTest("what a module does wrong at last is said", async (folder) => {
  // In turns, not in time: the cell is over after a few, on any machine.
  const late = `let turns = 0; const turn = () => {
    if (++turns === 100) throw new Error("late");
    setTimeout(turn, 1);
  }; turn()`;
  Deno.writeTextFileSync(`${folder}/mine.ts`, moduleText(late));
  const run = ["experiments", "churning", "--scale", "quick", "--seed", "1"];
  const how = ["--allocator", "./mine.ts", "--out", "out"];
  const { code, out, err } = await lab([...run, ...how], { cwd: folder });
  assertEquals(code, 1);
  assertMatch(
    err,
    /\n\.\/mine\.ts: Error: late, after its cells were fini.*\n$/,
  );
  assertMatch(out, /\n\.\/mine\.ts +1 /);
});

/** What a hostile module might try, and whether it may. */
const TRIES: readonly (readonly [code: string, may: boolean])[] = [
  [`Deno.readFileSync("${ROOT}data/traces/cc1.rep.gz")`, true],
  [`Deno.readTextFileSync("${ROOT}allocators/registry.ts")`, true],
  [`import("./own.ts")`, true],
  [`import("./own.json", { with: { type: "json" } })`, true],
  [`Deno.readTextFileSync("/etc/passwd")`, false],
  [`Deno.readTextFileSync("./other.txt")`, false],
  [`import("/etc/hostname", { with: { type: "text" } })`, false],
  [`import("./.secret.json", { with: { type: "json" } })`, false],
  [`import("./link.json", { with: { type: "json" } })`, false],
  [`Deno.readDirSync(".")`, false],
  [`Deno.writeTextFileSync("./x", "x")`, false],
  [`Deno.openSync("${ROOT}data/traces/cc1.rep.gz", { write: true })`, false],
  [`Deno.env.get("HOME")`, false],
  [`fetch("http://127.0.0.1:9/")`, false],
  [`Deno.connect({ port: 9 })`, false],
  [`import(["https://deno.land/x/nothing@1/mod.ts"][0])`, false],
  [`import(["npm:no-such-package@1.2.3"][0])`, false],
  [`import(["jsr:@no/such@1.2.3"][0])`, false],
  [`new Deno.Command("deno").outputSync()`, false],
  [`Deno.kill(Deno.ppid, "SIGTERM")`, false],
  [`Deno.hostname()`, false],
];

processTest("a module may do what a run needs, no more", async (folder) => {
  Deno.writeTextFileSync(`${folder}/own.ts`, "export default 1;");
  Deno.writeTextFileSync(`${folder}/own.json`, "1");
  Deno.writeTextFileSync(`${folder}/.secret.json`, "1");
  Deno.mkdirSync(`${folder}/elsewhere`);
  Deno.writeTextFileSync(`${folder}/elsewhere/it.json`, "1");
  Deno.mkdirSync(`${folder}/here`);
  const tries = TRIES.map(([code]) =>
    `try { await ${code}; console.log("may"); } catch { console.log("no"); }`
  );
  for (const name of ["own.ts", "own.json", ".secret.json"]) {
    Deno.renameSync(`${folder}/${name}`, `${folder}/here/${name}`);
  }
  await link(
    `${folder}/elsewhere/it.json`,
    `${folder}/here/link.json`,
  );
  Deno.writeTextFileSync(`${folder}/here/other.txt`, "x");
  Deno.writeTextFileSync(
    `${folder}/here/mine.ts`,
    moduleText("", tries.join("\n")),
  );
  const { err } = await ok(["check", "./mine.ts"], { cwd: `${folder}/here` });
  const said = err.trimEnd().split("\n")
    .map((line) => line.replace("./mine.ts prints: ", ""));
  const found = TRIES.map(([code], i) => [code, said[i]]);
  assertEquals(found, TRIES.map(([code, may]) => [code, may ? "may" : "no"]));
});

processTest("a module's rows arrive, however many", async (folder) => {
  const trace = Array.from({ length: 3000 }, (_, i) => `a ${i} 24\n`).join("");
  Deno.writeTextFileSync(`${folder}/t.rep`, trace);
  Deno.writeTextFileSync(`${folder}/mine.ts`, moduleText(""));
  const words = ["replay", "t.rep", "--sample", "1", "--out"];
  const how = { cwd: folder };
  await ok([...words, "a", "--allocator", "./mine.ts"], how);
  await ok([...words, "b", "--allocator", "best_fit"], how);
  const rows = (out: string) =>
    Deno.readTextFileSync(`${folder}/${out}/replay.csv`);
  assertEquals(rows("a").split("\n").length, 3002);
  assertEquals(rows("a").replaceAll("./mine.ts", "best_fit"), rows("b"));
});

processTest("a module needs a process of its own", async (folder) => {
  Deno.writeTextFileSync(`${folder}/mine.ts`, moduleText(""));
  const { code, stderr } = await new Deno.Command("deno", {
    args: [
      ...["run", "--allow-read", "--allow-write=/tmp"],
      ...["--allow-env=INIT_CWD,NO_COLOR", `${ROOT}experiments/main.ts`],
      ...["check", "./mine.ts"],
    ],
    cwd: ROOT,
    env: { INIT_CWD: folder, NO_COLOR: "1" },
  }).output();
  assertEquals(code, 1);
  assertEquals(
    new TextDecoder().decode(stderr),
    "A module of yours runs in a process of its own: this needs " +
      "--allow-run=deno\n",
  );
});

Deno.test("answers that are none", () => {
  const key = { experiment: "e", allocator: "a", parameters: {}, seed: 1 };
  const kept = { workload: "w", measures: { x: 1 }, inputs: {}, tables: {} };
  const good = { kept, seconds: 1 };
  assertEquals(checked(good, key), { kept: { ...kept, ...key }, seconds: 1 });
  for (
    const bad of [
      null,
      7,
      {},
      { ...good, seconds: "1" },
      { ...good, kept: null },
      { ...good, kept: { ...kept, workload: 1 } },
      { ...good, kept: { ...kept, measures: { x: null } } },
      { ...good, kept: { ...kept, measures: { "a,b": 1 } } },
      { ...good, kept: { ...kept, inputs: { a: 1 } } },
      { ...good, kept: { ...kept, tables: { "../x": {} } } },
      {
        ...good,
        kept: { ...kept, tables: { x: { columns: [], bytes: "1" } } },
      },
      {
        ...good,
        kept: { ...kept, tables: { x: { columns: [1], bytes: 1 } } },
      },
    ]
  ) {
    const answer = checked(bad, key);
    assertEquals(answer, { error: "", message: "it answers nonsense" });
  }
  assertEquals(messageIn('text\x1e{"a":1}'), { a: 1 });
  assertEquals(messageIn("\x1e{"), undefined);
});
