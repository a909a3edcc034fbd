/**
 * What to call the place in a program where a block comes from.
 *
 * @module
 */
import { BETWEEN_FRAMES } from "../traces/sites.ts";

/**
 * Frames that are nobody's own: the C and C++ libraries' ways to memory, and
 * wrappers that every program has.
 */
const PLUMBING =
  /^(?:void\*? )?(?:operator new|operator delete|_?_?(?:libc_)?(?:malloc|calloc|realloc|reallocarray|memalign|strdup|strndup)\b|x(?:malloc|calloc|realloc|strdup)\b|lib(?:c|stdc\+\+|c\+\+)\.so|std::|__gnu_cxx::|_Zn[wa]|_ZNSt|_ZNKSt|_ZN9__gnu_cxx|_ZSt|_ZNSa)/;

/** The frames of a site, innermost first. */
export function framesOf(site: string): string[] {
  return site.split(BETWEEN_FRAMES);
}

/** The innermost frame of the program's own; the innermost if there is none. */
export function ownFrame(site: string): string {
  const frames = framesOf(site);
  return frames.find((frame) => !PLUMBING.test(frame)) ?? frames[0]!;
}
