/**
 * Compares a simulated replay with the addresses that a recorded program got.
 *
 * @module
 */
import { parseSpec } from "../../allocators/entry.ts";
import { glibc } from "../../allocators/glibc/entry.ts";
import { Glibc } from "../../allocators/glibc/glibc.ts";
import { AddressSpace } from "../../allocators/os/address_space.ts";
import { parseRep } from "./rep.ts";
import { simulate } from "./simulate.ts";

/** Mappings of a process lie above, its break below. */
const MAPPINGS = 0x7000_0000_0000;

/** What a comparison found. */
export interface Places {
  /** Operations whose block lies elsewhere. */
  wrong: number[];
  /** Blocks below the break. */
  heap: number;
  /** Blocks that are mappings. */
  mapped: number;
}

/**
 * Compares the places of all blocks of `trace` with `got`: per operation an
 * absolute address in hexadecimal, or `-`. Blocks of the heap are compared by
 * their distance from the first one, mappings by being one.
 */
export function placesOf(trace: string, got: readonly string[]): Places {
  const { values } = parseSpec("glibc", [glibc]);
  const source = new AddressSpace();
  const heap = glibc.create(values, { source, draw: () => 0 });
  if (!(heap instanceof Glibc)) throw new TypeError("Not a Glibc");
  const rep = parseRep(trace, 64);
  const lines = simulate({ heap, source }, rep, { every: 0 })
    .filter((line) => /^\d/.test(line)).map((line) => line.split(" "));
  const places: Places = { wrong: [], heap: 0, mapped: 0 };
  let base: number | undefined;
  got.forEach((text, op) => {
    if (text === "-" || text === "0") return;
    const address = parseInt(text, 16);
    const [, kind, offset] = lines[op]!;
    if (address >= MAPPINGS) {
      places.mapped++;
      if (kind !== "M") places.wrong.push(op);
      return;
    }
    places.heap++;
    const simulated = parseInt(offset!, 16);
    base ??= address - simulated;
    if (kind !== "H" || address - base !== simulated) places.wrong.push(op);
  });
  return places;
}
