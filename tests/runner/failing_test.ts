/**
 * Runs in which something fails: the rest goes on, and nothing is left behind.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  contents,
  end,
  type Ended,
  lab,
  link,
  MAY_RUN,
  ok,
  processTest,
  start,
  words,
} from "./lab.ts";

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

processTest("a failing cell ends its experiment only", async (folder) => {
  const good = `${folder}/good`;
  const rest = ["churning", "paging", "--scale", "quick"];
  await ok(["experiments", ...rest, "--out", good]);
  const how = ["--set", "how=range,type", "--set", "pause=7"];
  const bad = ["experiments", "failing", "reading", ...rest, ...how];
  for (const jobs of ["1", "2"]) {
    const out = `${folder}/${jobs}`;
    const { code, err } = await lab([...bad, "--jobs", jobs, "--out", out]);
    assertEquals(code, 1);
    assertEquals(err.split("\n").slice(2), [
      "reading (-): Cannot read input.txt: there is no such file",
      "failing (-): out of range (how=range); 1 more cell fails",
      "",
    ]);
    assertEquals(contents(out), contents(good));
  }
});

processTest("what fails first leaves no folder behind", async (folder) => {
  const out = `${folder}/a/b`;
  Deno.writeTextFileSync(`${folder}/bad.rep`, "a 0 1\na 0 1\n");
  for (
    const line of [
      "experiments failing",
      "experiments paging --allocator tlsf",
      "replay bad.rep --allocator bump",
      "replay - --allocator bump",
    ]
  ) {
    const args = [...line.split(" "), "--out", out];
    const { code, err } = await lab(args, { cwd: folder, input: "x\n" });
    assertEquals([code, err.split("\n").length], [1, 2], line);
    assert(!exists(`${folder}/a`), line);
  }
  // A folder that was there stays.
  Deno.mkdirSync(`${folder}/a`);
  await lab(["experiments", "failing", "--out", `${folder}/a`]);
  assertEquals([...Deno.readDirSync(`${folder}/a`)], []);
});

processTest("an input that changes while it is read", async (folder) => {
  const input = `${folder}/input.txt`;
  const args = ["experiments", "reading", "--jobs", "1", "--out", "out"];
  const out = `${folder}/out`;
  const changed = async (set: string, isTime: () => Promise<void>) => {
    Deno.writeTextFileSync(input, "four");
    const child = start([...args, "--set", set], { cwd: folder });
    while (!exists(`${out}/.cells/.lock`)) await wait(5);
    await isTime();
    Deno.writeTextFileSync(input, "seven!!");
    return await end(child);
  };
  const check = async ({ code, err }: Ended, set: string, kept: number) => {
    assertEquals(code, 1);
    assertMatch(
      err,
      /^(reading \(-\): )?input\.txt changed while the run read it: run it ag/,
    );
    assert(!exists(`${out}/reading.csv`));
    await ok([...args, "--set", set, "--resume"], { cwd: folder });
    const summary = Deno.readTextFileSync(`${out}/summary.csv`);
    assertEquals(summary.match(/,7\n/g)?.length, kept + 1);
    Deno.removeSync(out, { recursive: true });
  };
  // Two cells, another file for the second.
  const two = "pause=1500,1501";
  const second = await changed(two, async () => {
    while (!exists(`${out}/.cells/reading`)) await wait(5);
  });
  await check(second, two, 1);
  // One cell, changed before it is over: later if a busy machine reads late.
  for (let pause = 1500; pause < 20_000; pause *= 2) {
    const one = `pause=${pause}`;
    const ended = await changed(one, () => wait(pause * 2 / 3));
    if (ended.code === 0) Deno.removeSync(out, { recursive: true });
    else return await check(ended, one, 0);
  }
  throw new Error("A file that changes is never noticed");
});

processTest("kept cells that are not what they were", async (folder) => {
  const args = ["experiments", "churning", "--seeds", "2", "--out", folder];
  await ok(args);
  const good = contents(folder);
  const kept = `${folder}/.cells/churning/all.cells`;
  const text = Deno.readTextFileSync(kept);
  const lines = text.split("\n");
  const last = lines.findLastIndex((line) => line.startsWith("{"));
  const cases: Record<string, string> = {
    "a measure": text.replace(/(?<="splits":)\d/, "9"),
    "a digit of a row": text.replace(/\d(?=\n)/, (d) => `${9 - +d}`),
    "a line twice": lines.toSpliced(0, 1, lines[last]!).join("\n"),
    "the end is gone": lines.slice(0, last + 2).join("\n"),
  };
  for (const [what, bad] of Object.entries(cases)) {
    assert(bad !== text, what);
    Deno.writeTextFileSync(kept, bad);
    await ok([...args, "--resume"]);
    assertEquals(contents(folder), good, what);
  }
});

const MAY_SHARE = Deno.permissions.querySync({
  name: "run",
  command: "unshare",
}).state === "granted";

processTest("a full standard output is no full disk", async (folder) => {
  const good = `${folder}/good`;
  const args = ["experiments", "churning", "--scale", "quick", "--out"];
  await ok([...args, good]);
  const shell = '"$@" > /dev/full; echo exit code $? >&2';
  for (const line of [[...args, `${folder}/out`], ["list"]]) {
    const { stderr } = await new Deno.Command("unshare", {
      args: ["--user", "sh", "-c", shell, "sh", "deno", ...words(line)],
      stdout: "null",
      stderr: "piped",
    }).output();
    assertMatch(
      new TextDecoder().decode(stderr),
      /^(Re.*\nFi.*\n)?Cannot write to standard output: No space left .*\nexit code 1\n$/,
    );
  }
  assertEquals(contents(`${folder}/out`), contents(good));
}, MAY_RUN && MAY_SHARE);

processTest("folders in the way of files are said", async (folder) => {
  const args = ["experiments", "paging", "--out", folder];
  await ok(args);
  const before = contents(folder);
  for (const name of [".summary.csv.tmp", "paging.csv"]) {
    const path = `${folder}/${name}`;
    if (exists(path)) Deno.removeSync(path);
    Deno.mkdirSync(path);
    const { code, err } = await lab(args);
    assertEquals([code, err.split("\n").length], [1, 2], err);
    assertMatch(err, /in the way\n$/);
    Deno.removeSync(path);
    await ok(args);
    assertEquals(contents(folder), before);
  }
});

function wait(milliseconds: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, milliseconds));
}

processTest("links in a folder of results lead nowhere", async (folder) => {
  const [out, away] = [`${folder}/out`, `${folder}/away`];
  const args = ["experiments", "paging", "--out", out];
  await ok(args);
  Deno.mkdirSync(away);
  Deno.writeTextFileSync(`${away}/left.tmp`, "x");
  for (const name of ["paging.csv", "datapackage.json", ".cells/paging"]) {
    const path = `${out}/${name}`;
    const target = `${away}/${name.replace("/", "-")}`;
    Deno.renameSync(path, target);
    await link(target, path);
    const before = contents(away);
    const words = name.startsWith(".")
      ? args
      : ["export", "paging", "--results", out];
    const { code, err } = await lab(words);
    assertEquals([code, err.split("\n").length], [1, 2], err);
    assertMatch(err, /is a link/);
    assertEquals(contents(away), before);
    Deno.removeSync(path);
    Deno.renameSync(target, path);
  }
  for (const name of ["figures", ".cells"]) {
    const path = `${out}/${name}`;
    if (exists(path)) Deno.removeSync(path, { recursive: true });
    await link(away, path);
    const { code, err } = await lab(args);
    assertEquals([code, err], [
      1,
      `${path} is a link: results are not behind links\n`,
    ]);
    assertEquals([...contents(away).keys()], ["left.tmp"]);
    Deno.removeSync(path);
  }
});
