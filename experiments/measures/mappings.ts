/**
 * Where the mappings of a process lie.
 *
 * @module
 */
import type { AddressSpace } from "../../allocators/os/address_space.ts";
import { LAYOUT_64, STACK_GUARD } from "../../allocators/os/layout.ts";

/** The lowest byte of the stack and its guard. */
const STACK = LAYOUT_64.end - 0x2_1000 - STACK_GUARD;

/** Share of the program's mappings that are not between heap and stack. */
export function misplacedRatio(os: AddressSpace): number {
  const known = new Set(LAYOUT_64.occupied.map(([start]) => start));
  const mapped = [...os.segments()].filter(([start, end]) =>
    !known.has(start) && end !== Math.ceil(os.break / 4096) * 4096
  );
  const misplaced = mapped.filter(([start, end]) =>
    start < os.break || end > STACK
  );
  return misplaced.length / Math.max(1, mapped.length);
}
