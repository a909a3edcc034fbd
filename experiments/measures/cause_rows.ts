/**
 * Causes as rows of a table: the largest of each kind by name, the others of
 * the kind in one row, so that bytes still add up.
 *
 * @module
 */
import type { Cause } from "../../allocators/machine/causes.ts";
import { bytes, type Column, count, type Row } from "./columns.ts";

/** Meaning of the columns of the table `causes`. */
export const CAUSE_COLUMNS: readonly Column[] = [
  {
    name: "cause",
    type: "string",
    unit: "",
    description: "What keeps the memory: a cause in the terms of the layer.",
  },
  bytes("class_bytes", "Size class of the list that keeps it, if it has one."),
  {
    name: "cause_address",
    type: "string",
    unit: "",
    description:
      "Address of the cause, physical for slab and buddy; empty if several.",
  },
  bytes(
    "held_bytes",
    "Memory kept: bytes neither in use nor returned because of the cause.",
  ),
  count("regions", "region", "Regions that the row stands for."),
];

/** Rows of `causes` at `phase`: up to `named` per layer and kind, and the rest. */
export function causeRows(
  phase: string,
  causes: readonly Cause[],
  named: number,
): Row[] {
  const groups = Map.groupBy(causes, ({ layer, kind }) => `${layer} ${kind}`);
  return [...groups.values()].flatMap((group) => {
    const { layer, kind } = group[0]!;
    group.sort((a, b) => b.bytes - a.bytes || a.address - b.address);
    const rows: Row[] = group.slice(0, named).map(({ address, bytes }) => ({
      phase,
      layer,
      ...causeOf(kind),
      cause_address: `0x${address.toString(16)}`,
      held_bytes: bytes,
      regions: 1,
    }));
    const rest = group.slice(named);
    if (rest.length > 0) {
      rows.push({
        phase,
        layer,
        ...causeOf(kind),
        held_bytes: heldBytes(rest),
        regions: rest.length,
      });
    }
    return rows;
  });
}

/** A kind, and apart from it the size class: `tcache[48]` is a list of both. */
function causeOf(kind: string): { cause: string; class_bytes?: number } {
  const [, cause = kind, bytes] = /^(.*)\[(\d+)\]$/.exec(kind) ?? [];
  return {
    cause,
    class_bytes: bytes === undefined ? undefined : Number(bytes),
  };
}

/** Bytes of the causes of `layer` whose kind begins with `kind`. */
export function heldBytes(
  causes: readonly Cause[],
  layer = "",
  kind = "",
): number {
  return causes.filter((c) =>
    c.layer.endsWith(layer) && c.kind.startsWith(kind)
  )
    .reduce((sum, { bytes }) => sum + bytes, 0);
}
