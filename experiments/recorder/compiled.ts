/**
 * C programs and libraries of the project, compiled when they are first needed.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { Failure, firstLine } from "../runner/failure.ts";
import { TemporaryFolder } from "../runner/temporary_folder.ts";

/** What to compile. */
export interface Sources {
  /** What it is, for messages. */
  what: string;
  /** The file to compile, before those that it includes; absolute paths. */
  files: readonly string[];
  /** Options of the compiler before the file, and behind it. */
  flags: readonly string[];
  libraries?: readonly string[];
  /** What its name ends with. */
  suffix?: string;
  /** The compiler; `cc`. */
  compiler?: string;
}

/**
 * Path of the compiled file in `folder`, which is named after all that it is
 * made from; `Failure` if it cannot be built.
 */
export async function compiled(
  folder: string,
  { what, files, flags, libraries = [], suffix = "", compiler = "cc" }: Sources,
): Promise<string> {
  const hash = createHash("sha256")
    .update([compiler, ...flags, ...libraries].join(" "));
  for (const file of files) hash.update(Deno.readFileSync(file));
  const name = basename(files[0]!, ".c");
  const key = hash.digest("hex").slice(0, 16);
  const path = `${folder}/${name}-${key}${suffix}`;
  try {
    if (Deno.statSync(path).isFile) return path;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  using temporary = await TemporaryFolder.in(folder);
  const fresh = `${temporary.path}/${name}${suffix}`;
  await compile(what, compiler, [
    ...flags,
    "-o",
    fresh,
    files[0]!,
    ...libraries,
  ]);
  Deno.renameSync(fresh, path);
  return path;
}

async function compile(
  what: string,
  compiler: string,
  args: readonly string[],
): Promise<void> {
  try {
    const command = new Deno.Command(compiler, { args: [...args] });
    const { success, stderr } = await command.output();
    if (success) return;
    const said = new TextDecoder().decode(stderr);
    const line = /^.*\berror: .*$/m.exec(said)?.[0] ?? said;
    throw new Failure(`${compiler} does not build ${what}: ${firstLine(line)}`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Failure(`Cannot build ${what}: there is no ${compiler}`);
  }
}
