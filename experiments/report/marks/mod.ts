/**
 * The marks that figures can use.
 *
 * @module
 */
import { bar } from "./bar.ts";
import { cells } from "./cells.ts";
import { line } from "./line.ts";
import { map } from "./map.ts";
import type { Mark } from "./mark.ts";
import { point } from "./point.ts";
import { stack } from "./stack.ts";

/** All marks. */
export const MARKS: readonly Mark[] = [line, bar, point, stack, cells, map];
