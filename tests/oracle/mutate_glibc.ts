/**
 * The mutation proof: applies each mutation of `tests/mutations/glibc.ts` to a
 * copy of the allocators and lets the recorded runs judge it.
 *
 *   deno run --allow-read --allow-write --allow-run=deno tests/oracle/mutate_glibc.ts [rule...]
 *
 * Prints which run noticed which mutation; exits with 1 if one goes unnoticed.
 *
 * @module
 */
import { type Mutation, MUTATIONS } from "../mutations/glibc.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
/** A mutation may loop forever; so long is nothing else. */
const TIME_LIMIT_MS = 60_000;

async function copy(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copy(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

/** What noticed the mutation; undefined if nothing did. */
async function noticedBy(
  { file, find, replace }: Mutation,
  copyRoot: string,
): Promise<string | undefined> {
  const path = `${copyRoot}/allocators/glibc/${file}`;
  const source = await Deno.readTextFile(path);
  const parts = source.split(find);
  if (parts.length !== 2) {
    throw new Error(`${file} has ${parts.length - 1} times: ${find}`);
  }
  await Deno.writeTextFile(path, parts.join(replace));
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--config",
      `${ROOT}deno.json`,
      `${copyRoot}/tests/oracle/judge.ts`,
    ],
    signal: AbortSignal.timeout(TIME_LIMIT_MS),
    stderr: "null",
  });
  const { code, signal, stdout } = await child.output();
  await Deno.writeTextFile(path, source);
  if (code === 0) return undefined;
  const verdict = new TextDecoder().decode(stdout).trim();
  return verdict || (signal ? "the time limit" : "a crash");
}

async function main(): Promise<number> {
  const wanted = Deno.args;
  const copyRoot = await Deno.makeTempDir();
  await copy(`${ROOT}allocators`, `${copyRoot}/allocators`);
  await copy(`${ROOT}tests/oracle`, `${copyRoot}/tests/oracle`);
  let unnoticed = 0;
  for (const mutation of MUTATIONS) {
    const { rule, what } = mutation;
    if (wanted.length > 0 && !wanted.includes(rule)) continue;
    const by = await noticedBy(mutation, copyRoot);
    if (by === undefined) unnoticed++;
    console.log(`${rule.padEnd(4)} ${what.padEnd(48)} ${by ?? "UNNOTICED"}`);
  }
  await Deno.remove(copyRoot, { recursive: true });
  console.log(`${unnoticed} unnoticed`);
  return unnoticed > 0 ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main());
