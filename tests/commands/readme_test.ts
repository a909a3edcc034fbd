/**
 * What README.md tells to type works.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { parse } from "../../experiments/commands/mod.ts";
import { EXPERIMENTS } from "../../experiments/questions/mod.ts";
import readme from "../../README.md" with { type: "text" };
import { CATALOGUE } from "../runner/fixture.ts";
import { wordsOf } from "./spoken.ts";
import { ok, processTest, ROOT } from "../runner/lab.ts";

/** The fenced blocks in `language`. */
function blocks(language: string): string[] {
  const all = readme.matchAll(/^```(\w+)\n(.*?)^```$/gms);
  return [...all].filter((match) => match[1] === language)
    .map((match) => match[2]!);
}

/** What is between backticks in a paragraph or table, on one line. */
function spans(): string[] {
  const text = readme.replace(/^```.*?^```$/gms, "");
  return [...text.matchAll(/`([^`]+)`/g)]
    .map((match) => match[1]!.replace(/\s+/g, " "));
}

/** The words behind `deno task run`, without comments and redirections. */
function commandLines(): string[] {
  const lines = [
    ...blocks("sh").flatMap((text) => text.split("\n")),
    ...spans(),
  ];
  return lines.flatMap((line) => /\btask run (.*)/.exec(line)?.[1] ?? [])
    .map((line) => line.split(/ +[#<>|] */)[0]!.trim());
}

Deno.test("every command line of README means something", () => {
  const real = { ...CATALOGUE, experiments: EXPERIMENTS };
  const lines = commandLines();
  assert(lines.length >= 20, `${lines.length} command lines`);
  for (const line of lines) {
    assert(typeof parse(wordsOf(line), real) === "function", line);
  }
  const names = new Set(lines.map((line) => line.split(" ")[0]));
  for (const name of ["experiments", "replay", "check", "workload", "export"]) {
    assert(names.has(name), name);
  }
});

processTest("README's allocator passes the suite and runs", async (folder) => {
  const modules = blocks("ts");
  assertEquals(modules.length, 1);
  Deno.writeTextFileSync(`${folder}/mine.ts`, modules[0]!);
  const how = { cwd: folder, program: `${ROOT}experiments/main.ts` };
  const lines = commandLines().filter((line) => line.includes("./mine.ts"));
  assertEquals(lines.length, 2);
  for (const line of lines) {
    const words = line.split(" ");
    const small = ["--scale", "quick", "--out", "out"];
    const { out } = words[0] === "check"
      ? await ok(words, how)
      : await ok([...words, ...small], how);
    assert(!out.includes("FAILED") && out.includes("./mine.ts"), out);
  }
});
