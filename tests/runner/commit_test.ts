/**
 * Files that change together, with the process ended at every call.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import { commit, recover } from "../../experiments/runner/commit.ts";
import { Failure } from "../../experiments/runner/failure.ts";
import { contents, processTest } from "./lab.ts";

const BEFORE = { "a.csv": "old a", "b.csv": "old b", "gone.csv": "old" };
const CHANGE = {
  write: new Map([["a.csv", "new a"], ["c.csv", "new c"]]),
  remove: ["gone.csv", "never.csv"],
};
const AFTER = { "a.csv": "new a", "b.csv": "old b", "c.csv": "new c" };

/** The calls that change a file system. */
const CALLS = ["openSync", "renameSync", "removeSync"] as const;

/** Commits; `fails` says which calls do. How many there were. */
function commitWith(
  folder: string,
  journal: string,
  fails: (call: number) => boolean,
): number {
  const genuine = CALLS.map((name) => [name, Deno[name]] as const);
  let calls = 0;
  for (const [name, call] of genuine) {
    Object.assign(Deno, {
      [name](...args: unknown[]) {
        if (fails(++calls)) throw new Deno.errors.Interrupted("a fault");
        return (call as (...args: unknown[]) => unknown)(...args);
      },
    });
  }
  try {
    commit(folder, journal, CHANGE);
  } catch {
    /* as it was told */
  } finally {
    for (const [name, call] of genuine) Object.assign(Deno, { [name]: call });
  }
  return calls;
}

/** The files in a new folder that holds BEFORE. */
function begin(folder: string): void {
  Deno.mkdirSync(`${folder}/.cells`, { recursive: true });
  for (const [name, text] of Object.entries(BEFORE)) {
    Deno.writeTextFileSync(`${folder}/${name}`, text);
  }
}

/** What a reader sees: files under a final name. */
function seen(folder: string): Record<string, string> {
  return Object.fromEntries(
    [...contents(folder)].filter(([name]) => !name.endsWith(".tmp")),
  );
}

/** Commits with a fault at every call, as `fails` says, and recovers. */
function commitAtEvery(
  base: string,
  fails: (call: number, n: number) => boolean,
): void {
  const seenStates = new Set<string>();
  for (let n = 1;; n++) {
    const folder = `${base}/${n}`;
    const journal = `${folder}/.cells/.commit.tmp`;
    begin(folder);
    const calls = commitWith(folder, journal, (call) => fails(call, n));
    recover(folder, journal);
    const state = seen(folder);
    const expected = "c.csv" in state ? AFTER : BEFORE;
    assertEquals(state, expected, `call ${n}`);
    seenStates.add(JSON.stringify(state));
    recover(folder, journal); // which changes nothing any more
    assertEquals(seen(folder), expected);
    if (calls < n) {
      assertEquals(state, AFTER);
      break;
    }
  }
  assertEquals(seenStates.size, 2);
}

processTest("files change all or none, wherever the process ends", (base) => {
  commitAtEvery(base, (call, n) => call >= n);
  return Promise.resolve();
});

processTest("files change all or none, whichever call fails", (base) => {
  commitAtEvery(base, (call, n) => call === n);
  return Promise.resolve();
});

processTest("a journal of anybody's making leads nowhere", (folder) => {
  const journal = `${folder}/.cells/.commit.tmp`;
  begin(`${folder}/in`);
  Deno.mkdirSync(`${folder}/.cells`);
  Deno.writeTextFileSync(`${folder}/out.txt`, "mine");
  for (
    const text of [
      '{"write":[],"remove":["../out.txt"]}',
      '{"write":["/etc/x"],"remove":[]}',
      '{"write":["figures/../../x"],"remove":[]}',
      '{"write":[1],"remove":[]}',
      '{"remove":[]}',
      "",
      "[]",
    ]
  ) {
    Deno.writeTextFileSync(journal, text);
    assertThrows(
      () => recover(folder, journal),
      Failure,
      "is no journal",
      text,
    );
  }
  assertEquals(Deno.readTextFileSync(`${folder}/out.txt`), "mine");
  return Promise.resolve();
});

processTest("what is in the way is said before anything changes", (folder) => {
  const journal = `${folder}/.cells/.commit.tmp`;
  begin(folder);
  for (const name of ["c.csv", ".c.csv.tmp"]) {
    Deno.mkdirSync(`${folder}/${name}`);
    const error = assertThrows(() => commit(folder, journal, CHANGE), Failure);
    assertEquals(error.message.includes("in the way"), true, error.message);
    Deno.removeSync(`${folder}/${name}`);
    assertEquals(seen(folder), BEFORE);
  }
  return Promise.resolve();
});
