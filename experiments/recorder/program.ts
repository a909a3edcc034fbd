/**
 * Programs as files: which can be recorded.
 *
 * @module
 */
import { resolve } from "node:path";
import { Failure } from "../runner/failure.ts";

/** Bytes that hold the headers of a program. */
const HEADERS = 4096;
const SET_ID = 0o6000;
const EXECUTABLE = 0o111;
/** Type of a program header that names the loader. */
const PT_INTERP = 3;
/** e_machine by the names of Deno. */
const MACHINES: Readonly<Record<string, number>> = {
  x86_64: 62,
  aarch64: 183,
};

/** Path of the program that a shell in `cwd` would run; `Failure` if none. */
export function findProgram(name: string, cwd: string): string {
  const paths = name.includes("/")
    ? [resolve(cwd, name)]
    : (Deno.env.get("PATH") ?? "").split(":").map((folder) =>
      resolve(cwd, folder, name)
    );
  let why = "there is no such program";
  for (const path of paths) {
    try {
      const { isFile, mode } = Deno.statSync(path);
      if (isFile && (mode ?? 0) & EXECUTABLE) return path;
      why = isFile ? "it is not executable" : "it is no file";
    } catch { /* the next one */ }
  }
  throw new Failure(`Cannot record ${name}: ${why}`);
}

/** Throws `Failure` if the loader would not take the recorder into `path`. */
export function checkProgram(path: string): void {
  const refuse = (why: string) => {
    throw new Failure(`Cannot record ${path}: ${why}`);
  };
  if ((Deno.statSync(path).mode ?? 0) & SET_ID) {
    refuse("it runs with another user's rights");
  }
  const bytes = new Uint8Array(HEADERS);
  using file = Deno.openSync(path);
  const length = file.readSync(bytes) ?? 0;
  const view = new DataView(bytes.buffer, 0, length);
  if (length < 64 || view.getUint32(0) !== 0x7f454c46) return; // a script
  if (bytes[4] !== 2 || bytes[5] !== 1) refuse("it is no 64-bit program");
  if (view.getUint16(18, true) !== MACHINES[Deno.build.arch]) {
    refuse("it is for another processor");
  }
  const table = Number(view.getBigUint64(32, true));
  const [bytesEach, count] = [
    view.getUint16(54, true),
    view.getUint16(56, true),
  ];
  for (let k = 0; k < count; k++) {
    const at = table + k * bytesEach;
    if (at + 4 > length) return; // unusual: let the loader see
    if (view.getUint32(at, true) === PT_INTERP) return;
  }
  refuse("it is linked statically, so nothing can be loaded into it");
}
