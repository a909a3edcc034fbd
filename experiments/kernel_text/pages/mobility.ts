/**
 * Migratetypes: who may take the free blocks of each list.
 *
 * Ordinary requests are unmovable, movable or reclaimable, and each may fall
 * back on the lists of the other two (and on `Reserve`, in kernels up to 4.3).
 * `CMA` serves movable requests only, `HighAtomic` only atomic requests of
 * order 1 and more, `Isolate` none. Facts from Linux 2.6.24 to 7.2.
 *
 * @module
 */
import type { Blocks } from "./blocks.ts";
import { UNNAMED } from "./zone_row.ts";
import type { Sources } from "./outlook.ts";

/** The types of ordinary requests, as pagetypeinfo names them. */
export const REQUESTS = ["Unmovable", "Movable", "Reclaimable"] as const;
/** The type of an ordinary request. */
export type RequestType = typeof REQUESTS[number];

/** Who may take blocks from the lists of these types. */
const TAKERS: Readonly<Record<string, string>> = {
  Reserve: "any request, as a last resort",
  CMA: "movable requests only",
  HighAtomic: "atomic requests of order 1 and more only",
  Isolate: "nobody",
  [UNNAMED]: "nobody (the kernel had no name for isolated blocks)",
};

/** Who may take blocks of `type`; undefined for those of ordinary requests. */
export function takersOf(type: string): string | undefined {
  if (isRequest(type)) return undefined;
  return TAKERS[type] ?? "an unknown type: counted for nobody";
}

/** Whether blocks of `type` serve all ordinary requests. */
export function isCommon(type: string): boolean {
  return isRequest(type) || type === "Reserve";
}

/** What a request of `type` finds on the `lists` of a zone. */
export function sourcesOf(
  type: RequestType,
  lists: readonly Blocks[],
): Sources {
  const orders = lists[0]!.blocks.length;
  const sum = (wanted: (type: string) => boolean) =>
    Array.from(
      { length: orders },
      (_, order) =>
        lists.reduce(
          (n, list) => n + (wanted(list.type!) ? list.blocks[order]! : 0),
          0,
        ),
    );
  return {
    own: sum((other) => other === type),
    cma: sum((other) => type === "Movable" && other === "CMA"),
    others: sum((other) => isCommon(other) && other !== type),
  };
}

function isRequest(type: string): type is RequestType {
  return (REQUESTS as readonly string[]).includes(type);
}
