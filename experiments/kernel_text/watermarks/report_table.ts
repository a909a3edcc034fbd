/**
 * Mem-Info as a table: a row per zone and order.
 *
 * @module
 */
import type { Table } from "../kind.ts";
import type { MemInfo } from "./mem_info_types.ts";
import { Report } from "./reported.ts";

const MARKS = ["free", "min", "low", "high"];

/** The table; zones whose free blocks are missing or garbled have no rows. */
export const REPORT_TABLE: Table<MemInfo> = {
  columns: [
    "task",
    "asked_order",
    "node",
    "zone",
    ...MARKS.map((name) => `${name}_pages`),
    "order",
    "free_blocks",
    "types",
  ],
  rows(data, { pageBytes }) {
    const report = new Report(data, pageBytes);
    const { task = "", order = "" } = data.request ?? {};
    return data.zones.filter(({ garbled }) => !garbled).flatMap((zone) =>
      zone.blocks.map(({ count, types }, k) => [
        task,
        order,
        zone.node,
        zone.zone,
        ...MARKS.map((name) =>
          name in zone.kib ? report.pages(zone, name) : ""
        ),
        k,
        count,
        types,
      ])
    );
  },
};
