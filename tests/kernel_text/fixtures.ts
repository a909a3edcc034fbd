/**
 * The texts of this folder, without any permission: small inputs as people
 * paste them, retyped and shortened.
 *
 * @module
 */
import buddyinfo64k from "./fixtures/buddyinfo_64k.txt" with { type: "text" };
import buddyinfoDated from "./fixtures/buddyinfo_dated.txt" with {
  type: "text",
};
import buddyinfoNoFinalNewline from "./fixtures/buddyinfo_no_final_newline.txt" with {
  type: "text",
};
import buddyinfoPrompt from "./fixtures/buddyinfo_prompt.txt" with {
  type: "text",
};
import buddyinfoWrapped from "./fixtures/buddyinfo_wrapped.txt" with {
  type: "text",
};
import bundle from "./fixtures/bundle.txt" with { type: "text" };
import dmesgArm6464k from "./fixtures/dmesg_arm64_64k.txt" with {
  type: "text",
};
import dmesgCmaAtomic from "./fixtures/dmesg_cma_atomic.txt" with {
  type: "text",
};
import dmesgHighmem from "./fixtures/dmesg_highmem.txt" with { type: "text" };
import dmesgOomX86 from "./fixtures/dmesg_oom_x86.txt" with { type: "text" };
import dmesgOrder3 from "./fixtures/dmesg_order3.txt" with { type: "text" };
import dmesgRhel6 from "./fixtures/dmesg_rhel6.txt" with { type: "text" };
import dmesgTwoRules from "./fixtures/dmesg_two_rules.txt" with {
  type: "text",
};
import dmesgWords from "./fixtures/dmesg_words.txt" with { type: "text" };
import extfragIndex from "./fixtures/extfrag_index.txt" with { type: "text" };
import mallocInfo from "./fixtures/malloc_info.xml" with { type: "text" };
import mallocInfoArenas from "./fixtures/malloc_info_arenas.xml" with {
  type: "text",
};
import mallocStats from "./fixtures/malloc_stats.txt" with { type: "text" };
import mallocStatsWrapped from "./fixtures/malloc_stats_wrapped.txt" with {
  type: "text",
};
import meminfo from "./fixtures/meminfo.txt" with { type: "text" };
import pagetypeinfoCapped from "./fixtures/pagetypeinfo_capped.txt" with {
  type: "text",
};
import pagetypeinfoCmaOnly from "./fixtures/pagetypeinfo_cma_only.txt" with {
  type: "text",
};
import pagetypeinfoNull from "./fixtures/pagetypeinfo_null.txt" with {
  type: "text",
};
import pagetypeinfoNuma from "./fixtures/pagetypeinfo_numa.txt" with {
  type: "text",
};
import slabinfo64k from "./fixtures/slabinfo_64k.txt" with { type: "text" };
import slabinfoClassicSlab from "./fixtures/slabinfo_classic_slab.txt" with {
  type: "text",
};
import slabinfoDebug from "./fixtures/slabinfo_debug.txt" with { type: "text" };
import slabinfoNoheader from "./fixtures/slabinfo_noheader.txt" with {
  type: "text",
};
import slabinfoOverTime from "./fixtures/slabinfo_over_time.txt" with {
  type: "text",
};
import slabinfoSlab32Bits from "./fixtures/slabinfo_slab_32_bits.txt" with {
  type: "text",
};
import slabinfoSlab49 from "./fixtures/slabinfo_slab_4.9.txt" with {
  type: "text",
};
import slabinfoTie from "./fixtures/slabinfo_tie.txt" with { type: "text" };
import slabinfoTwice from "./fixtures/slabinfo_twice.txt" with { type: "text" };
import slabinfoWrapped from "./fixtures/slabinfo_wrapped.txt" with {
  type: "text",
};
import slabtop from "./fixtures/slabtop.txt" with { type: "text" };
import unusableIndex from "./fixtures/unusable_index.txt" with { type: "text" };
import zoneinfo from "./fixtures/zoneinfo.txt" with { type: "text" };
import zoneinfo26 from "./fixtures/zoneinfo_2.6.txt" with { type: "text" };

/** Texts by the names of their files, without what follows the point. */
export const TEXTS = {
  buddyinfo64k,
  buddyinfoDated,
  buddyinfoNoFinalNewline,
  buddyinfoPrompt,
  buddyinfoWrapped,
  bundle,
  dmesgArm6464k,
  dmesgCmaAtomic,
  dmesgHighmem,
  dmesgOomX86,
  dmesgOrder3,
  dmesgRhel6,
  dmesgTwoRules,
  dmesgWords,
  extfragIndex,
  mallocInfo,
  mallocInfoArenas,
  mallocStats,
  mallocStatsWrapped,
  meminfo,
  pagetypeinfoCapped,
  pagetypeinfoCmaOnly,
  pagetypeinfoNull,
  pagetypeinfoNuma,
  slabinfo64k,
  slabinfoClassicSlab,
  slabinfoDebug,
  slabinfoNoheader,
  slabinfoOverTime,
  slabinfoSlab32Bits,
  slabinfoSlab49,
  slabinfoTie,
  slabinfoTwice,
  slabinfoWrapped,
  slabtop,
  unusableIndex,
  zoneinfo,
  zoneinfo26,
} as const;
