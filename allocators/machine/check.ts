/**
 * The invariants of a machine.
 *
 * @module
 */
import { invariant } from "../allocator.ts";
import { PAGE } from "../pages.ts";
import type { Machine } from "./machine.ts";
import { frameBytes } from "./share.ts";

/** Huge pages have this order. */
const HUGE_ORDER = 9;

/** Throws InvariantError unless every layer is sound and frames have one owner each. */
export function checkMachine(machine: Machine): void {
  const { zone, processes, caches, ramBytes } = machine;
  zone.check();
  for (const cache of caches) cache.check();
  const owned = new Uint8Array(zone.footprint / PAGE);
  const own = (pfn: number) => {
    invariant(owned[pfn] === 0, `Frame ${pfn} has two owners`);
    owned[pfn] = 1;
    const huge = pfn - pfn % 2 ** HUGE_ORDER;
    invariant(
      zone.liveOrder(pfn) === 0 || zone.liveOrder(huge) === HUGE_ORDER,
      `Frame ${pfn} backs a page and is not live`,
    );
  };
  let held = machine.tableBytes;
  for (const { os, heap } of processes) {
    os.check();
    heap.check();
    os.eachFrame(own);
    os.eachTableFrame(own);
    held += os.heldBytes;
  }
  for (const { footprint } of caches) held += footprint;
  // live pages = tables + frames of processes + slabs
  const { allocated } = zone.usage();
  invariant(allocated === held, `${allocated} bytes live, ${held} owned`);
  let sum = 0;
  for (const share of machine.frames()) {
    sum += frameBytes(share);
    for (const [use, bytes] of Object.entries(share)) {
      invariant(!(Number(bytes) < 0), `${share.owner}: ${use} is ${bytes}`);
    }
  }
  // sum of shares = RAM
  invariant(sum === ramBytes, `Shares sum to ${sum}, RAM is ${ramBytes}`);
}
