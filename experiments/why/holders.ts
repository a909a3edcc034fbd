/**
 * Who keeps memory that nobody uses, grouped by the place in the program that
 * the blocks come from; without sites by their size.
 *
 * @module
 */
import { plural } from "../traces/plural.ts";
import type { Trace } from "../traces/trace.ts";
import type { Births } from "./births.ts";
import type { Above, Hole } from "./holes.ts";
import { type Lifetimes, lifetimesOf } from "./lifetimes.ts";
import type { Scene } from "./run.ts";
import { ownFrame } from "./sites.ts";

/** Groups that are told one by one. */
const NAMED = 12;

/** A block that keeps memory. */
export interface Pin {
  /** Address of its payload. */
  address: number;
  /** Number of its arena, if that is not the main one. */
  arena: number | undefined;
  /** Bytes it was asked with. */
  size: number;
  /** The operation that allocated it, and microseconds by then if known. */
  birth: number;
  time: number | undefined;
  /** The whole call stack; "" if not known. */
  site: string;
  /** Bytes that it keeps. */
  keeps: number;
}

/** Blocks that keep memory, of one place. */
export interface Holder {
  /** What lies above the regions. */
  above: Above;
  /** Frame, or size; "" unless `above` is live. */
  name: string;
  /** Regions, each kept by a block of its own. */
  regions: number;
  /** Resident bytes kept; on lists; on pages that live blocks share. */
  bytes: number;
  cached: number;
  shared: number;
  /** The list that has most of what one region has cached. */
  list: string;
  /** The block that keeps most, if `above` is live. */
  pin: Pin | undefined;
  /** Numbers of the operations that allocated them. */
  births: readonly number[];
  /** How long blocks of this place live. */
  lifetimes: Lifetimes | undefined;
}

/** Who holds live memory: a place and its blocks. */
export interface Owner {
  name: string;
  blocks: number;
  bytes: number;
}

/** Who keeps what. */
export interface Holders {
  /** The groups that keep most, the largest first. */
  named: readonly Holder[];
  /** How many others there are, their regions and bytes. */
  others: { groups: number; regions: number; bytes: number };
  /** The places with most live bytes. */
  owners: readonly Owner[];
}

/** A group while it is filled. */
type Group = Holder & {
  births: number[];
  most: number;
  slot: number;
  listed: number;
};

/** Groups `holes` of the heap in `scene` by what keeps them. */
export async function holdersOf(
  trace: Trace,
  { heap, session }: Scene,
  births: Births,
  holes: readonly Hole[],
): Promise<Holders> {
  const sites = trace.sites ?? [];
  const names = sites.map((site) => site === "" ? "" : ownFrame(site));
  const nameOf = (site: number, size: number) =>
    names[site] || plural(size, "byte");
  const pinned = new Map<number, Hole>();
  const groups = new Map<string, Group>();
  for (const hole of holes) {
    if (hole.above === "live") pinned.set(hole.pin, hole);
    else add(groups, hole, "", -1);
  }
  const owners = new Map<string, Owner>();
  for (let slot = 0; slot < births.slots; slot++) {
    const address = session.addressOf(slot);
    if (address < 0) continue;
    const size = session.sizeOf(slot);
    const name = nameOf(births.siteOf(slot), size);
    const owner = owners.get(name);
    if (owner) {
      owner.blocks++;
      owner.bytes += size;
    } else owners.set(name, { name, blocks: 1, bytes: size });
    const hole = pinned.get(address);
    if (!hole) continue;
    pinned.delete(address);
    add(groups, hole, name, slot).births.push(births.birthOf(slot));
  }
  // Blocks without an object: their pointers were lost to a failed realloc.
  for (const hole of pinned.values()) add(groups, hole, "lost blocks", -1);
  const sorted = [...groups.values()].sort((a, b) => b.bytes - a.bytes);
  const named = sorted.slice(0, NAMED);
  const rest = sorted.slice(NAMED);
  for (const group of named) {
    const { slot, most } = group;
    if (slot < 0) continue;
    const birth = births.birthOf(slot);
    const address = session.addressOf(slot);
    group.pin = {
      address,
      arena: heap.placeOf?.(address)?.arena,
      size: session.sizeOf(slot),
      birth,
      time: births.timeOf(birth),
      site: sites[births.siteOf(slot)] ?? "",
      keeps: most,
    };
  }
  const places = new Map(named.map(({ name }, i) => [name, i]));
  places.delete("");
  const bySite = names.map((name) => places.get(name) ?? -1);
  const bySize = new Map(
    named.filter(({ name, pin }) => pin?.site === "" && name !== "")
      .map(({ name }) => [Number(name.split(" ")[0]), places.get(name)!]),
  );
  if (places.size > 0) {
    const groupOf = (site: number, size: number) =>
      names[site] ? bySite[site]! : bySize.get(size) ?? -1;
    const lifetimes = await lifetimesOf(trace, named.length, groupOf);
    named.forEach((group, i) => {
      if (group.pin) group.lifetimes = lifetimes[i];
    });
  }
  return {
    named,
    others: {
      groups: rest.length,
      regions: rest.reduce((sum, { regions }) => sum + regions, 0),
      bytes: rest.reduce((sum, { bytes }) => sum + bytes, 0),
    },
    owners: [...owners.values()].sort((a, b) => b.bytes - a.bytes)
      .slice(0, NAMED),
  };
}

function add(
  groups: Map<string, Group>,
  hole: Hole,
  name: string,
  slot: number,
): Group {
  const key = `${hole.above} ${name}`;
  const group: Group = groups.get(key) ?? {
    above: hole.above,
    name,
    regions: 0,
    bytes: 0,
    cached: 0,
    shared: 0,
    list: "",
    pin: undefined,
    births: [],
    lifetimes: undefined,
    most: -1,
    slot: -1,
    listed: 0,
  };
  groups.set(key, group);
  group.regions++;
  group.bytes += hole.bytes;
  group.cached += hole.cached;
  group.shared += hole.shared;
  if (hole.bytes > group.most) {
    group.most = hole.bytes;
    group.slot = slot;
  }
  if (hole.cached > group.listed) {
    group.listed = hole.cached;
    group.list = hole.list;
  }
  return group;
}
