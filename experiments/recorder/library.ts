/**
 * The recorder's library, built from `preload/` when it is first needed.
 *
 * @module
 */
import { Failure } from "../runner/failure.ts";
import { projectPath } from "../runner/files.ts";
import { compiled } from "./compiled.ts";

const SOURCES = [
  "recorder.c",
  "log.h",
  "ranges.h",
  "frames.h",
  "sites.h",
  "process.h",
  "fraglab.h",
];
const FLAGS = [
  "-O2",
  "-fPIC",
  "-shared",
  "-fno-omit-frame-pointer", // frames are found from the recorder's own
  "-fno-builtin-malloc",
  "-fvisibility=hidden",
];
const LIBRARIES = ["-ldl", "-lpthread"];

/** Path of the library, below `folder`; `Failure` if it cannot be built. */
export async function library(folder: string): Promise<string> {
  if (/[\s:]/.test(folder)) {
    throw new Failure(
      `Cannot record from ${folder}: the loader takes no path with blanks or colons`,
    );
  }
  const sources = projectPath("experiments/recorder/preload/");
  return await compiled(folder, {
    what: "the recorder",
    files: SOURCES.map((name) => sources + name),
    flags: FLAGS,
    libraries: LIBRARIES,
    suffix: ".so",
  });
}
