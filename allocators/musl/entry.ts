/**
 * How musl's malloc introduces itself.
 *
 * @module
 */
import { type AllocatorEntry, define } from "../entry.ts";
import { Musl } from "./musl.ts";

/** The entry of `musl`. */
export const musl: AllocatorEntry = define({
  name: "musl",
  summary: "The malloc of musl 1.2.6 (mallocng), exact to the address",
  source: "musl 1.2.6 as in Debian, observed",
  layer: "musl",
  options: {},
  offers: ["memalign", "calloc", "isMapped", "explain", "resident"],
  create: (_, { source }) => new Musl(source),
});
