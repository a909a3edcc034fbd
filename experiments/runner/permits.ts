/**
 * What a foreign module may do: compute, and read what its cells read.
 *
 * @module
 */
import { sourceFiles } from "./digest.ts";
import { projectPath } from "./files.ts";
import { RUN_TASK } from "./version.ts";

/** The parts of the project that cells are made of, and its traces. */
const PROJECT = [
  "allocators",
  "experiments",
  "offline",
  ".std",
  "mod.ts",
  "deno.json",
  "data/traces",
];

/** What the engine is told: as in the lab, and how much memory there is. */
function engineFlags(memory: number): string {
  const flags = /--v8-flags=(\S+)/.exec(RUN_TASK)?.slice(1) ?? [];
  return [...flags, `--max-old-space-size=${Math.ceil(memory / 2 ** 20)}`]
    .join();
}

/** A module and what it is needed for. */
export interface Needs {
  /** URLs of foreign modules. */
  modules: readonly string[];
  /** Paths of other files. */
  files: readonly string[];
  /** Bytes that the process may take. */
  memory: number;
}

/**
 * Arguments of `deno` that start a program  it writes nothing, starts
 * nothing, has no network, and imports what has been imported before.
 */
export function permits({ modules, files, memory }: Needs): string[] {
  const readable = [
    ...PROJECT.map(projectPath),
    ...modules.flatMap(sourceFiles),
    ...files,
  ].map((path) => path.replaceAll(",", ",,"));
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-lock",
    "--cached-only",
    `--config=${projectPath("deno.json")}`,
    `--v8-flags=${engineFlags(memory)}`,
    `--allow-read=${[...new Set(readable)].join()}`,
  ];
}
