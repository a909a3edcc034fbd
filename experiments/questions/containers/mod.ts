/**
 * Containers.
 *
 * @module
 */
import type { Chapter } from "../../experiment/chapter.ts";
import { containers } from "./containers.ts";
import { mapChurn } from "./map_churn.ts";
import { mapClear } from "./map_clear.ts";
import { mapString } from "./map_string.ts";
import { poolRetention } from "./pool_retention.ts";

const chapter: Chapter = {
  name: "containers",
  title: "Containers",
  summary: "std::map and its kin: what erase and clear give back.",
  experiments: [mapChurn, mapClear, containers, mapString, poolRetention],
};

export default chapter;
