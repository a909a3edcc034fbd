/**
 * The program around a container, for the list of workloads.
 *
 * @module
 */
import { choice, whole } from "../../../allocators/entry.ts";
import { define, lazyTrace, MOST_OBJECTS, type Workload } from "../workload.ts";
import { KINDS, TYPES, type Word } from "./layout.ts";
import { requireHashable } from "./mod.ts";
import { ENDINGS, runProgram } from "./program.ts";

/** Most elements: each is a node and two strings at most. */
const MOST_ELEMENTS = MOST_OBJECTS / 2;

/** A C++ program that fills and empties a container of libstdc++, twice. */
export const CONTAINER: Workload = define({
  name: "container",
  summary: "A C++ program that fills and empties an STL container, twice.",
  parameters: {
    kind: choice(KINDS, "which container"),
    key: choice(TYPES, "type of the keys; long strings have 20..39 characters"),
    value: choice(TYPES, "type of the values, or of a sequence's elements"),
    bits: choice(["64", "32"], "of a pointer"),
    elements: whole(10_000, "elements", 1, MOST_ELEMENTS),
    order: choice(["random", "ascending"], "of insertion and of erasure"),
    ending: choice(ENDINGS, "how the elements go"),
    probe: whole(0, "bytes requested and freed when they have gone; 0: none"),
    trim: choice(["on", "off"], "malloc_trim(0) when they have gone"),
  },
  build({ bits, trim, ...parameters }, draw) {
    const word: Word = bits === "64" ? 8 : 4;
    const options = { ...parameters, word, trim: trim === "on" };
    requireHashable(options);
    return lazyTrace(
      "container",
      (trace) => runProgram(options, draw.fork("order"), trace),
    );
  },
});
