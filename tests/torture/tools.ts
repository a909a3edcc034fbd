/**
 * The C programs of this folder, built once.
 *
 * @module
 */
import { system } from "./fault.ts";

const BUILD = new URL("../oracle/build/", import.meta.url).pathname;
const FLAGS = {
  cut: ["-O1"],
  shim: ["-O1", "-shared", "-fPIC", "-ldl"],
} as const;
const done = new Map<string, string>();

/** Path of a built program; needs cc. */
export async function built(name: keyof typeof FLAGS): Promise<string> {
  const known = done.get(name);
  if (known) return known;
  const source = new URL(`${name}.c`, import.meta.url).pathname;
  const path = `${BUILD}torture_${name}`;
  Deno.mkdirSync(BUILD, { recursive: true });
  await system("cc", "-o", path, source, ...FLAGS[name]);
  done.set(name, path);
  return path;
}
