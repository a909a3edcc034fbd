/**
 * A simulated process like the one that the C replayer ran in.
 *
 * @module
 */
import { NULL } from "../../allocators/allocator.ts";
import { parseSpec } from "../../allocators/entry.ts";
import { glibc } from "../../allocators/glibc/entry.ts";
import { Glibc } from "../../allocators/glibc/glibc.ts";
import { PAGE } from "../../allocators/pages.ts";
import { AddressSpace } from "../../allocators/os/address_space.ts";
import {
  type Layout,
  LAYOUT_32,
  LAYOUT_64,
} from "../../allocators/os/layout.ts";
import { parseMaps } from "../../experiments/traces/maps.ts";
import {
  BITS,
  type GeometryName,
  type Tuning,
} from "../../experiments/real/glibc.ts";
import type { Machine } from "./simulate.ts";

/** An untouched heap of `geometry` in the address space that `header` tells. */
export function machine(
  geometry: GeometryName,
  tuning: Tuning,
  header: string,
): Machine {
  const source = new AddressSpace({ layout: layoutOf(header, BITS[geometry]) });
  const spec = ["glibc", `geometry=${geometry}`, ...tuning].join(":");
  const { entry, values } = parseSpec(spec, [glibc]);
  const heap = entry.create(values, { source, draw: () => 0 });
  if (!(heap instanceof Glibc)) throw new TypeError("Not a Glibc");
  return { heap, source };
}

/** Where in its page a heap with these tunables begins by the entry's account. */
export function startInPage(geometry: GeometryName, tuning: Tuning): number {
  const spec = ["glibc", `geometry=${geometry}`, ...tuning].join(":");
  const { entry, values } = parseSpec(spec, [glibc]);
  return (entry.process?.(values)?.sbrk(0) ?? NULL) % PAGE;
}

/** The address space of the V lines of a replay, and its `heap0`. */
export function layoutOf(header: string, bits: 32 | 64): Layout {
  const defaults = bits === 64 ? LAYOUT_64 : LAYOUT_32;
  return { ...defaults, ...parseMaps("a recorded run", header) };
}
