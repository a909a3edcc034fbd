/**
 * The pool over glibc's malloc against recorded C++ programs: every address
 * the container got, and every call of operator new and delete.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import deque from "../../fixtures/stl/pool_deque_ordered.txt.gz" with {
  type: "bytes",
};
import list from "../../fixtures/stl/pool_list_rand_half_erase.txt.gz" with {
  type: "bytes",
};
import map from "../../fixtures/stl/pool_map_ordered.txt.gz" with {
  type: "bytes",
};
import mapHalf from "../../fixtures/stl/pool_map_rand_half_erase.txt.gz" with {
  type: "bytes",
};
import mix from "../../fixtures/stl/pool_mix_ordered.txt.gz" with {
  type: "bytes",
};
import stringMap from "../../fixtures/stl/pool_smap_ordered.txt.gz" with {
  type: "bytes",
};
import unordered from "../../fixtures/stl/pool_umap_rand_half_erase.txt.gz" with {
  type: "bytes",
};
import vector from "../../fixtures/stl/pool_vector_ordered.txt.gz" with {
  type: "bytes",
};
import { linesOf, play } from "./recording.ts";

/** Recordings, with the frees after which the program trims, if that matters. */
const RECORDINGS: [string, Uint8Array<ArrayBuffer>, number, number[]][] = [
  ["deque", deque, 960, []],
  ["list, half erased, then all", list, 80_059, []],
  ["map", map, 60_059, []],
  ["map, half erased, then all", mapHalf, 80_059, []],
  ["objects of all sizes", mix, 28_711, []],
  ["map of long strings", stringMap, 180_059, [20_000]],
  ["unordered_map, half erased, then all", unordered, 80_099, []],
  ["vector", vector, 54, []],
];

for (const [name, packed, events, trims] of RECORDINGS) {
  Deno.test(`pool of libstdc++: ${name}`, async () => {
    const recorded = await linesOf(packed);
    assertEquals(recorded.length, events);
    const played = play(recorded, trims);
    const i = recorded.findIndex((line, i) => line !== played[i]);
    assert(i < 0, `event ${i} is ${recorded[i]}, played: ${played[i]}`);
    assertEquals(played.length, recorded.length);
  });
}
