/**
 * The families of kmalloc's size classes, and what their caches are called.
 *
 * DMA memory goes before reclaimable and that before accounted memory, so that
 * a request has one family. The copies of user data and of messages have
 * classes of their own from 6.12 on. Facts from mm/slab_common.c of 5.10, 6.1,
 * 6.12 and 7.2.
 *
 * @module
 */
import type { SlubVersion } from "./versions.ts";

/** The families, the usual one first. */
export const KMALLOC_FAMILIES = [
  "plain",
  "reclaimable",
  "accounted",
  "dma",
  "memdup_user",
  "msg_msg",
] as const;

/** A family of size classes. */
export type KmallocFamily = typeof KMALLOC_FAMILIES[number];

const PREFIX: Readonly<Record<KmallocFamily, string>> = {
  plain: "kmalloc-",
  reclaimable: "kmalloc-rcl-",
  accounted: "kmalloc-cg-",
  dma: "dma-kmalloc-",
  memdup_user: "memdup_user-",
  msg_msg: "msg_msg-",
};

/** Families that a kernel does not have. */
const ABSENT: Readonly<Record<SlubVersion, readonly KmallocFamily[]>> = {
  "5.10": ["accounted", "memdup_user", "msg_msg"],
  "6.1": ["memdup_user", "msg_msg"],
  "6.12": [],
  "7.2": [],
};

/**
 * What the kernel calls the cache of a class of `size` bytes. `RangeError` if it
 * has no such family.
 */
export function kmallocName(
  version: SlubVersion,
  family: KmallocFamily,
  size: number,
): string {
  if (ABSENT[version].includes(family)) {
    throw new RangeError(`Linux ${version} has no ${PREFIX[family]}* caches`);
  }
  return PREFIX[family] + (size >= 1024 ? `${size / 1024}k` : `${size}`);
}
