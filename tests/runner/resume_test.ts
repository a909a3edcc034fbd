import { assert, assertEquals, assertMatch } from "@std/assert";
import { read } from "../../experiments/measures/csv.ts";
import {
  contents,
  end,
  keptIn,
  lab,
  ok,
  processTest,
  start,
  withFolder,
  words,
} from "./lab.ts";
import { mayNotRun, type Missing, testWith } from "../skipped.ts";

const SLOW = ["experiments", "waiting", "--seeds", "40"];

/** Files under their final names; a name that begins with a dot is not final. */
function temporaries(folder: string): string[] {
  return [...contents(folder).keys()].filter((name) => name.endsWith(".tmp"));
}

/** The cells of `experiment` that were not computed by the last run. */
function takenOver(folder: string, experiment: string): number {
  const { rows } = read(Deno.readTextFileSync(`${folder}/timing.csv`));
  return rows.filter((row) => row[0] === experiment && row.at(-1) === "")
    .length;
}

/** Waits until `count` cells are kept in `folder`. */
async function untilKept(folder: string, count: number): Promise<void> {
  while (keptIn(folder, "waiting") < count) {
    await new Promise((wake) => setTimeout(wake, 5));
  }
}

/** Waits until an experiment is finished in `folder`. */
async function untilFinished(folder: string): Promise<void> {
  const finished = () => filesIn(folder).includes("datapackage.json");
  while (!finished()) await new Promise((wake) => setTimeout(wake, 5));
}

/** Names of the files in `folder`; none if it is not there. */
function filesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch {
    return [];
  }
}

processTest("a killed run is resumed to the same bytes", async (folder) => {
  const whole = `${folder}/whole`;
  const torn = `${folder}/torn`;
  await ok([...SLOW, "--out", whole]);
  for (const count of [1, 20]) {
    const child = start([...SLOW, "--resume", "--out", torn]);
    await untilKept(torn, count);
    child.kill("SIGKILL");
    await end(child);
    for (const [name, text] of contents(torn)) {
      if (name.startsWith(".cells/")) continue;
      assertEquals(text, contents(whole).get(name), name);
    }
  }
  Deno.writeTextFileSync(`${torn}/.cells/.left.cell.tmp`, "{");
  await ok([...SLOW, "--resume", "--out", torn]);
  assert(takenOver(torn, "waiting") >= 20);
  assertEquals(contents(torn), contents(whole));
  await ok([...SLOW, "--out", torn]);
  assertEquals(takenOver(torn, "waiting"), 0);
});

processTest("an interrupted run keeps what is finished", async (folder) => {
  const child = start([...SLOW, "--out", folder]);
  await untilKept(folder, 5);
  child.kill("SIGINT");
  child.kill("SIGINT"); // as it comes through `deno task`
  const { code, out, err } = await end(child);
  assertEquals([code, out], [130, ""]);
  assertMatch(
    err,
    /^Interrupted: \d+ of 80 cells (is|are) kept in .*resume.*\n$/,
  );
  assertEquals(temporaries(folder), []);
  const kept = Number(/\d+/.exec(err)![0]);
  await ok([...SLOW, "--resume", "--out", folder]);
  assert(kept >= 5);
  assertEquals(takenOver(folder, "waiting"), kept);
});

processTest(
  "an interrupted run has the rows of what is finished",
  async (folder) => {
    const child = start([...SLOW, "paging", "--out", folder]);
    await untilFinished(folder);
    child.kill("SIGTERM");
    const { code, err } = await end(child);
    assertEquals(code, 143);
    assertMatch(err, /^Interrupted: \d+ of 82 cells (is|are) kept /);
    const { rows } = read(Deno.readTextFileSync(`${folder}/summary.csv`));
    assertEquals(rows.length, 2);
    assert(rows.every(([experiment]) => experiment === "paging"));
  },
);

processTest("what a cell was computed from decides", async (folder) => {
  const experiment = ["experiments", "reading", "--resume", "--out", "out"];
  const summary = async () => {
    await ok(experiment, { cwd: folder });
    const text = Deno.readTextFileSync(`${folder}/out/summary.csv`);
    const length = text.trimEnd().split(",").at(-1);
    return [length, takenOver(`${folder}/out`, "reading")];
  };
  Deno.writeTextFileSync(`${folder}/input.txt`, "four");
  assertEquals(await summary(), ["4", 0]);
  Deno.removeSync(`${folder}/out/timing.csv`);
  assertEquals(await summary(), ["4", 1]);
  Deno.writeTextFileSync(`${folder}/input.txt`, "seven!!");
  assertEquals(await summary(), ["7", 0]);
});

processTest("a user's module counts, and what it imports", async (folder) => {
  const registry = new URL("../../allocators/registry.ts", import.meta.url);
  Deno.writeTextFileSync(`${folder}/pick.ts`, `export const at = 0;`);
  Deno.writeTextFileSync(
    `${folder}/mine.ts`,
    `import { ALLOCATORS } from "${registry.href}";
import { at } from "./pick.ts";
export default ALLOCATORS[at];`,
  );
  const run = async () => {
    const args = ["--allocator", "./mine.ts:align=32", "--out", "out"];
    const { out } = await ok(
      ["experiments", "churning", "--seed", "1", "--resume", ...args],
      { cwd: folder },
    );
    const taken = takenOver(`${folder}/out`, "churning");
    Deno.removeSync(`${folder}/out/timing.csv`);
    assertMatch(out, /\n\.\/mine\.ts:align=32 +2 /);
    return taken;
  };
  assertEquals(await run(), 0);
  assertEquals(await run(), 2);
  Deno.writeTextFileSync(`${folder}/pick.ts`, `export const at = 1;`);
  assertEquals(await run(), 0);
});

processTest(
  "a kept cell that is not whole is computed again",
  async (folder) => {
    const args = ["experiments", "reading", "--out", folder, "--resume"];
    Deno.writeTextFileSync(`${folder}/input.txt`, "x");
    await ok(args, { cwd: folder });
    Deno.truncateSync(`${folder}/.cells/reading/all.cells`, 10);
    const before = contents(folder).get("summary.csv");
    await ok(args, { cwd: folder });
    assertEquals(contents(folder).get("summary.csv"), before);
  },
);

processTest("one run at a time writes a folder", async (folder) => {
  const first = start([...SLOW, "--out", folder]);
  await untilKept(folder, 1);
  const second = await lab(["experiments", "churning", "--out", folder]);
  first.kill("SIGKILL");
  await end(first);
  assertEquals(second.code, 1);
  assertMatch(second.err, /^Another run is writing to .*\n$/);
  await ok(["experiments", "churning", "--out", folder]);
});

/** Whether this system lets a user mount a small disk of their own. */
function smallDisks(): object | Missing {
  const denied = mayNotRun("deno", "unshare");
  if (denied) return denied;
  const { success } = new Deno.Command("unshare", {
    args: ["--mount", "--map-root-user", "mount", "-t", "tmpfs", "x", "/mnt"],
    stderr: "null",
  }).outputSync();
  return success ? {} : { why: "no mounts in a namespace of one's own" };
}

/** What the lab and a look at its files say on a full disk of `size`. */
async function onSmallDisk(size: string, whole: string): Promise<string> {
  const args = ["experiments", "paging", "waiting", "--out", "/mnt"];
  const { stderr } = await new Deno.Command("unshare", {
    args: [
      "--mount",
      "--map-root-user",
      "sh",
      "-c",
      `mount -t tmpfs -o size=${size} none /mnt
      "$@" > /dev/null; echo exit code $? >&2; cd /mnt
      ls | grep -v timing.csv | while read file; do
        cmp $file ${whole}/$file >&2
      done
      find . -name '*.tmp' >&2`,
      "sh",
      "deno",
      ...words([...args, "--seeds", "40"]).map((word) =>
        word === "--allow-write=/tmp" ? "--allow-write=/mnt" : word
      ),
    ],
    stdout: "null",
    stderr: "piped",
  }).output();
  return new TextDecoder().decode(stderr);
}

testWith(
  smallDisks(),
  "a full disk is one line, and files are whole",
  () =>
    withFolder(async (whole) => {
      await ok(["experiments", "paging", "--seeds", "40", "--out", whole]);
      for (const size of ["100k", "300k", "600k"]) {
        assertEquals(
          await onSmallDisk(size, whole),
          "The disk is full: --resume goes on once there is room\nexit code 1\n",
        );
      }
    }),
);
