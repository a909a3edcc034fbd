import { assert, assertEquals, assertRejects } from "@std/assert";
import { Failure, Interrupted } from "../../experiments/runner/failure.ts";
import { Folder } from "../../experiments/runner/folder.ts";
import { Spool } from "../../experiments/runner/spool.ts";
import { end, lab, MAY_RUN, processTest, start } from "./lab.ts";

const REP = "a 0 100\na 1 200\nf 0\n";
const never = new AbortController().signal;

/** `line` for ever; `taken` counts the bytes that were read of it. */
function endless(line: string) {
  const chunk = new TextEncoder().encode(line.repeat(1000));
  const stream = { taken: 0, open };
  function open(): Promise<ReadableStream<Uint8Array>> {
    return Promise.resolve(
      new ReadableStream({
        pull(controller) {
          stream.taken += chunk.length;
          controller.enqueue(chunk);
        },
      }),
    );
  }
  return stream;
}

/** What is left below `.cells/` of `folder`. */
function left(folder: string): string[] {
  return [...Deno.readDirSync(`${folder}/.cells`)].map(({ name }) => name);
}

processTest("a copy ends at the first wrong line", async (path) => {
  const input = endless("a 0 5\n");
  using folder = await Folder.open(path);
  {
    using spool = new Spool(folder);
    await assertRejects(
      () => spool.add({ path: "-", open: input.open }, never),
      SyntaxError,
      "-:2: Expected an id that is not live",
    );
  }
  assert(input.taken < 100_000, `${input.taken} bytes were read`);
  assertEquals(left(path), [".lock"]);
});

processTest("a copy ends at its longest, and at a signal", async (path) => {
  using folder = await Folder.open(path);
  using spool = new Spool(folder, 50_000);
  const { open } = endless("f -1\n");
  await assertRejects(
    () => spool.add({ path: "-", open }, never),
    Failure,
    "- is longer than 50000 bytes: save it as a file first",
  );
  const silent = () => Promise.resolve(new ReadableStream<Uint8Array>());
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 10);
  await assertRejects(
    () => spool.add({ path: "pipe", open: silent }, stop.signal),
    Interrupted,
  );
});

processTest("copies have the bytes of their inputs", async (path) => {
  using folder = await Folder.open(path);
  using spool = new Spool(folder);
  const inputs = { "-": REP, "x.pages": "a 1 0 1\nf 1\n" };
  for (const [path, text] of Object.entries(inputs)) {
    const open = () => Promise.resolve(new Blob([text]).stream());
    await spool.add({ path, open }, never);
    assertEquals(Deno.readTextFileSync(spool.files.get(path)!), text);
  }
  assertEquals(spool.files.size, 2);
});

const MAY_MAKE_PIPES =
  Deno.permissions.querySync({ name: "run", command: "mkfifo" }).state ===
    "granted";

/** As `processTest`, with a pipe; whoever hangs on it is killed. */
function pipeTest(
  name: string,
  body: (folder: string, pipe: string) => Promise<void>,
): void {
  processTest(name, async (folder) => {
    const pipe = `${folder}/pipe`;
    await new Deno.Command("mkfifo", { args: [pipe] }).output();
    await body(folder, pipe);
  }, MAY_RUN && MAY_MAKE_PIPES);
}

pipeTest("a pipe is replayed as a file is", async (folder, pipe) => {
  Deno.writeTextFileSync(`${folder}/x.rep`, REP);
  const args = ["replay", "x.rep", "pipe", "--allocator", "first_fit,bump"];
  const child = start([...args, "--out", "out"], { cwd: folder });
  const timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
  const [{ code, err }] = await Promise.all([
    end(child),
    Deno.writeTextFile(pipe, REP),
  ]);
  clearTimeout(timer);
  assertEquals(code, 0, err);
  const lines = Deno.readTextFileSync(`${folder}/out/replay.csv`).split("\n");
  const of = (name: string) =>
    lines.filter((line) => line.includes(`trace=${name},`))
      .map((line) => line.replaceAll(name, ""));
  assertEquals(of("pipe").length, 2);
  assertEquals(of("pipe"), of("x.rep"));
  assertEquals(left(`${folder}/out`).sort(), [".lock", "replay"]);
});

pipeTest("a run that waits for a pipe can be ended", async (folder) => {
  const args = ["replay", "pipe", "--allocator", "bump", "--out", "out"];
  const child = start(args, { cwd: folder });
  while (!exists(`${folder}/out/.cells/.spool-0.tmp`)) {
    await new Promise((wake) => setTimeout(wake, 20));
  }
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
  const { code, err } = await end(child);
  clearTimeout(timer);
  assertEquals([code, err], [143, "Interrupted\n"]);
});

pipeTest("an experiment refuses a pipe", async (folder) => {
  const args = ["experiments", "reading", "--set", "file=pipe"];
  const { code, err } = await lab([...args, "--out", "out"], { cwd: folder });
  assertEquals(
    [code, err],
    [
      1,
      "reading (-): Cannot read pipe: a pipe can be read only once\n",
    ],
  );
});

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
