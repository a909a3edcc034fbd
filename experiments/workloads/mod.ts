/**
 * The workloads, in the order of `list`.
 *
 * @module
 */
import {
  CHECKERBOARD,
  EQUAL_BLOCKS,
  PING_PONG,
  PINNED_PAGES,
} from "./buddy_pathologies.ts";
import { LIFETIME_CHURN, RANDOM_CHURN } from "./churn.ts";
import { CONTAINER } from "./containers/workload.ts";
import { DOUBLING } from "./doubling.ts";
import { MAP_NODES } from "./map_nodes.ts";
import { ORDER_AFTER_CHURN } from "./order_after_churn.ts";
import { PEAK, PHASED, PLATEAU, RAMP } from "./shapes.ts";
import type { Workload } from "./workload.ts";

/** Everything that can be built by name. */
export const WORKLOADS: readonly Workload[] = [
  RANDOM_CHURN,
  LIFETIME_CHURN,
  RAMP,
  PEAK,
  PLATEAU,
  PHASED,
  MAP_NODES,
  CONTAINER,
  PINNED_PAGES,
  CHECKERBOARD,
  EQUAL_BLOCKS,
  PING_PONG,
  ORDER_AFTER_CHURN,
  DOUBLING,
];
