/**
 * glibc malloc.
 *
 * @module
 */
import type { Chapter } from "../../experiment/chapter.ts";
import { arenaChoice } from "./arena_choice.ts";
import { arenas } from "./arenas.ts";
import { binReuse } from "./bin_reuse.ts";
import { brkTopPin } from "./brk_top_pin.ts";
import { glibcBins } from "./glibc_bins.ts";
import { glibcVersions } from "./glibc_versions.ts";
import { lastRemainder } from "./last_remainder.ts";
import { mmapThreshold } from "./mmap_threshold.ts";
import { stranded } from "./stranded.ts";
import { tunables } from "./tunables.ts";

const chapter: Chapter = {
  name: "glibc",
  title: "glibc malloc",
  summary:
    "Bins, caches, the last remainder, top and mappings: how glibc serves a request.",
  experiments: [
    brkTopPin,
    mmapThreshold,
    binReuse,
    lastRemainder,
    glibcBins,
    tunables,
    glibcVersions,
    arenas,
    stranded,
    arenaChoice,
  ],
};

export default chapter;
