/**
 * Stand-in for `jsr:@std/csv`: what this project uses of it.
 *
 * @module
 */
export * from "./parse.ts";
export * from "./stringify.ts";
