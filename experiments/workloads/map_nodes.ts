/**
 * The requests of a `std::map`: one node per element, and a string per value
 * if asked for.
 *
 * Elements are numbered in the order of their keys. They are inserted in that
 * order or a random one; half are erased: every other one, the lower half in
 * ascending order, or a random half in random order; the erased ones come back;
 * `clear` frees in descending order, as the recursion of the red-black tree in
 * libstdc++ does (right subtree, node, left subtree). A string is requested
 * after its node and freed before it.
 *
 * @module
 */
import { choice, whole } from "../../allocators/entry.ts";
import { type Law, parseLaw } from "../laws/distributions.ts";
import type { Prng } from "../laws/prng.ts";
import { shuffled } from "../laws/shuffle.ts";
import { type Trace, TraceBuilder } from "../traces/trace.ts";
import { define, law, MOST_OBJECTS, type Workload } from "./workload.ts";

/** How a map is used. */
export interface MapNodes {
  /** Elements. */
  elements: number;
  /** Bytes of a node: 32 of links and colour, then key and value. */
  node: number;
  /** Order of insertion. */
  keys: "ascending" | "random";
  /** Which half is erased. */
  erase: "every_other" | "ascending" | "random";
  /** Bytes of each element's string on the heap; none if undefined. */
  strings?: Law | undefined;
}

/** insert, erase half, refill, clear; each is a phase. */
export function mapNodes(
  { elements, node, keys, erase, strings }: MapNodes,
  draw: Prng,
): Trace {
  const trace = new TraceBuilder();
  const string = strings?.sampler(draw.fork("strings"));
  // Slots by rank of the key; valid while the element is in the map.
  const nodes = new Int32Array(elements);
  const values = new Int32Array(elements);
  const insert = (rank: number) => {
    nodes[rank] = trace.malloc(node);
    if (string) values[rank] = trace.malloc(string());
  };
  const remove = (rank: number) => {
    if (string) trace.free(values[rank]!);
    trace.free(nodes[rank]!);
  };
  const ascending = Int32Array.from({ length: elements }, (_, rank) => rank);
  const order = draw.fork("order");
  const inserted = (ranks: Int32Array) =>
    keys === "ascending" ? ranks.toSorted() : shuffled(ranks, order);

  inserted(ascending).forEach(insert);
  trace.phase("insert");
  const erased = {
    every_other: () => ascending.filter((rank) => rank % 2 === 1),
    ascending: () => ascending.subarray(0, elements >> 1),
    random: () => shuffled(ascending, order).subarray(0, elements >> 1),
  }[erase]();
  erased.forEach(remove);
  trace.phase("erase");
  inserted(erased).forEach(insert);
  trace.phase("refill");
  ascending.toReversed().forEach(remove);
  trace.phase("clear");
  return trace.build("map_nodes");
}

/** {@linkcode mapNodes} as a workload. */
export const MAP_NODES: Workload = define({
  name: "map_nodes",
  summary: "A std::map: insert, erase half, refill, clear.",
  parameters: {
    elements: whole(10_000, "elements", 1, MOST_OBJECTS),
    node: whole(40, "bytes of a node; 40: map<int, int>", 1),
    keys: choice(["random", "ascending"], "order of insertion"),
    erase: choice(
      ["every_other", "ascending", "random"],
      "which half is erased",
    ),
    strings: {
      ...law(
        "none",
        "size distribution of a string per element, bytes; or none",
      ),
      expects: "none or a law such as uniform:16:64",
      parse: (text) => text === "none" || parseLaw(text) ? text : undefined,
    },
  },
  build: ({ strings, ...rest }, draw) =>
    mapNodes({
      ...rest,
      strings: strings === "none" ? undefined : parseLaw(strings),
    }, draw),
});
