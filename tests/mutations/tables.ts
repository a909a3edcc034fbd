/**
 * The tables of `deno task mutate`.
 *
 * @module
 */
import { CONTRACT } from "./contract.ts";
import { GLIBC } from "./glibc.ts";
import { HARNESS_FAULTS } from "./harness.ts";
import { JEMALLOC } from "./jemalloc.ts";
import { KERNEL_TEXT } from "./kernel_text.ts";
import { LINUX_BUDDY } from "./linux_buddy.ts";
import { LINUX_PCP } from "./linux_pcp.ts";
import { LINUX_KERNELS } from "./linux_versions.ts";
import { LISTS } from "./lists.ts";
import { MACHINE_TABLE } from "./machine.ts";
import { MUSL } from "./musl.ts";
import { REAL_FAULTS } from "./real.ts";
import { REPORT } from "./report.ts";
import { SLAB } from "./slab.ts";
import { STL } from "./stl.ts";
import type { MutationTable } from "./table.ts";
import { THEORY } from "./theory.ts";
import { TRACES } from "./traces.ts";

/** Every table, in the order in which they are run. */
export const TABLES: readonly MutationTable[] = [
  CONTRACT,
  GLIBC,
  MUSL,
  JEMALLOC,
  LINUX_BUDDY,
  LINUX_KERNELS,
  LINUX_PCP,
  SLAB,
  STL,
  REPORT,
  HARNESS_FAULTS,
  MACHINE_TABLE,
  THEORY,
  KERNEL_TEXT,
  TRACES,
  REAL_FAULTS,
  LISTS,
];
