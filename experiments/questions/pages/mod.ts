/**
 * Pages.
 *
 * @module
 */
import type { Chapter } from "../../experiment/chapter.ts";
import { buddyCheckerboard } from "./buddy_checkerboard.ts";
import { buddyPinnedPage } from "./buddy_pinned_page.ts";
import { buddyRounding } from "./buddy_rounding.ts";
import { buddyStrictMerging } from "./buddy_strict_merging.ts";
import { contiguous } from "./contiguous.ts";
import { kernelIndexes } from "./kernel_indexes.ts";
import { kernelVersions } from "./kernel_versions.ts";
import { largestContiguous } from "./largest_contiguous.ts";
import { mobilityGrouping } from "./mobility_grouping.ts";
import { petersonNorman } from "./peterson_norman.ts";
import { powerOfTwoWaste } from "./power_of_two_waste.ts";
import { realPageTrace } from "./real_page_trace.ts";
import { sheaves } from "./sheaves.ts";
import { slabPinning } from "./slab_pinning.ts";
import { slabWaste } from "./slab_waste.ts";
import { splitMergePingPong } from "./split_merge_ping_pong.ts";

const chapter: Chapter = {
  name: "pages",
  title: "Pages",
  summary:
    "Page frames, buddies and slabs: what the kernel can hand out in one piece.",
  experiments: [
    powerOfTwoWaste,
    buddyPinnedPage,
    buddyCheckerboard,
    splitMergePingPong,
    buddyRounding,
    petersonNorman,
    buddyStrictMerging,
    mobilityGrouping,
    contiguous,
    largestContiguous,
    kernelIndexes,
    realPageTrace,
    kernelVersions,
    slabWaste,
    slabPinning,
    sheaves,
  ],
};

export default chapter;
