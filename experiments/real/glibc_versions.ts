/**
 * The real malloc of other versions, in a folder that `glibc_versions.sh` has
 * filled.
 *
 * @module
 */
import type { VersionName } from "../../allocators/glibc/versions.ts";
import { type Missing, type Oracle, runnable } from "./glibc.ts";

/** Geometries that Debian has libraries of beside each other. */
export type VersionGeometry = "x86_64" | "i386";

const PLACES: Readonly<Record<VersionGeometry, readonly string[]>> = {
  x86_64: ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"],
  i386: ["usr/lib32", "lib32"],
};
const LOADERS: Readonly<Record<VersionGeometry, string>> = {
  x86_64: "ld-linux-x86-64.so.2",
  i386: "ld-linux.so.2",
};
const FETCH = "tests/oracle/glibc_versions.sh";

/** A library in `folder`. */
export interface Library {
  readonly folder: string;
  readonly version: VersionName;
  readonly geometry: VersionGeometry;
}

/**
 * The malloc of a library under `replayer`; by default the one for traces of
 * one thread that lies in its folder.
 */
export async function versionOracle(
  { folder, version, geometry }: Library,
  replayer: readonly string[] = [`${folder}/replay_${geometry}`],
): Promise<Oracle | Missing> {
  const library = PLACES[geometry].map((at) => `${folder}/${version}/${at}`)
    .find((path) => exists(`${path}/libc.so.6`));
  if (library === undefined) {
    return {
      why: `no glibc ${version} in ${folder}: ${FETCH} fetches it`,
    };
  }
  if (!exists(replayer[0]!)) {
    return { why: `no ${replayer[0]}: ${FETCH} builds it` };
  }
  const loader = `${library}/${LOADERS[geometry]}`;
  const command = ["setarch", "-R", loader, "--library-path", library];
  command.push(...replayer);
  return await runnable(geometry, command);
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
