/**
 * Symbolic links in folders of results, which may be anybody's: none is
 * followed, as it might lead to files that have nothing to do with results.
 *
 * @module
 */
import { dirname } from "node:path";
import { Failure } from "./failure.ts";

/** Throws `Failure` if `path` is a link. */
export function refuseLink(path: string): void {
  if (isLink(path)) {
    throw new Failure(`${path} is a link: results are not behind links`);
  }
}

/** As {@linkcode refuseLink}, of `path` and the folders above it up to `top`. */
export function refuseLinks(path: string, top: string): void {
  for (let at = path; at.length > top.length; at = dirname(at)) refuseLink(at);
}

/** Whether `path` is there, and a link. */
export function isLink(path: string): boolean {
  try {
    return Deno.lstatSync(path).isSymlink;
  } catch {
    return false; // whoever opens it will say why
  }
}
