/**
 * The recorder's library, built from `preload/` when it is first needed.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { Failure, firstLine } from "../runner/failure.ts";
import { projectPath } from "../runner/files.ts";

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
  const sources = projectPath("experiments/recorder/preload/");
  const hash = createHash("sha256").update(FLAGS.join(" "));
  for (const name of SOURCES) hash.update(Deno.readFileSync(sources + name));
  const path = `${folder}/recorder-${hash.digest("hex").slice(0, 16)}.so`;
  if (/[\s:]/.test(path)) {
    throw new Failure(
      `Cannot record from ${path}: the loader takes no path with blanks or colons`,
    );
  }
  try {
    if (Deno.statSync(path).isFile) return path;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  Deno.mkdirSync(folder, { recursive: true });
  const fresh = Deno.makeTempFileSync({ dir: folder, suffix: ".so" });
  try {
    await compile([...FLAGS, "-o", fresh, `${sources}recorder.c`]);
    Deno.renameSync(fresh, path);
  } catch (error) {
    Deno.removeSync(fresh);
    throw error;
  }
  return path;
}

async function compile(args: readonly string[]): Promise<void> {
  try {
    const command = new Deno.Command("cc", { args: [...args, ...LIBRARIES] });
    const { success, stderr } = await command.output();
    if (success) return;
    const said = new TextDecoder().decode(stderr);
    const line = /^.*\berror: .*$/m.exec(said)?.[0] ?? said;
    throw new Failure(`cc does not build the recorder: ${firstLine(line)}`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Failure("Cannot build the recorder: there is no cc");
  }
}
