/**
 * Chunks that are mappings of their own; they belong to no arena.
 *
 * A mapping has a lead of a few bytes, then the chunk: two words of header and
 * the payload. Since 2.43 the chunk ends two words before the mapping does.
 *
 * @module
 */
import { type Address, NULL } from "../allocator.ts";
import { type PageSource, pageUp } from "../pages.ts";
import type { Geometry, Settings } from "./params.ts";
import type { Version } from "./versions.ts";

/** In the header of a mapped chunk; thresholds are compared with the header. */
const MAPPED_FLAG = 2;

/** The mappings of a process. */
export class Mappings {
  /** Length of each live mapping in bytes, by address of its payload. */
  readonly length: Map<Address, number> = new Map();
  /** Payloads of those that are in a tcache. */
  readonly cached: Set<Address> = new Set();
  /** Bytes of all live mappings. */
  bytes = 0;
  /** The same as the library reports it. */
  reportedBytes = 0;
  /** Bytes before a mapped chunk: what aligns its payload. */
  declare readonly front: number;
  /** Payload of the last chunk that was mapped. */
  last: Address = NULL;
  // Bytes of a mapping before its chunk, where they are not `front`.
  private readonly leads: Map<Address, number> = new Map();
  declare private readonly word: number;
  // Bytes of a mapping beyond its chunk, lead included.
  declare private readonly extra: number;
  // Bytes between the chunk and the end of its mapping.
  declare private readonly headroom: number;

  declare private readonly geometry: Geometry;
  declare private readonly version: Version;
  declare private readonly settings: Settings;
  declare private readonly source: PageSource;

  /** None yet. */
  constructor(
    geometry: Geometry,
    version: Version,
    settings: Settings,
    source: PageSource,
  ) {
    this.geometry = geometry;
    this.version = version;
    this.settings = settings;
    this.source = source;
    const { word, align } = geometry;
    this.word = word;
    this.front = word === 4 && align === 16 ? 8 : 0;
    this.headroom = version.mappedHeadroom ? 2 * word : 0;
    this.extra = version.mappedHeadroom
      ? align
      : word * 2 === align
      ? word
      : word + align - 1;
  }

  /** Whether one more may be made for a chunk of `bytes`. */
  serves(bytes: number): boolean {
    const { mmapThreshold, mmapMax } = this.settings;
    return bytes >= mmapThreshold && this.length.size < mmapMax;
  }

  /** Maps a chunk of `bytes`, see `last`; false if the system refuses. */
  map(bytes: number): boolean {
    const length = pageUp(bytes + this.extra);
    const start = this.source.mmap(length);
    if (start === NULL) return false;
    this.last = start + this.front + 2 * this.word;
    this.record(this.last, length, this.front);
    this.bytes += length;
    this.reportedBytes += length;
    return true;
  }

  /** Bytes before the chunk of the mapping with payload at `address`. */
  leadOf(address: Address): number {
    return this.leads.get(address) ?? this.front;
  }

  /** Bytes of the chunk with payload at `address`. */
  chunkBytes(address: Address): number {
    return this.length.get(address)! - this.leadOf(address) - this.headroom;
  }

  /** Bytes that the payload at `address` can hold. */
  usable(address: Address): number {
    const header = this.headroom > 0 ? this.word : 2 * this.word;
    return this.chunkBytes(address) - header;
  }

  /** The payload of a mapping moves up to `to`. */
  shift(address: Address, to: Address): void {
    const lead = this.leadOf(address) + to - address;
    const length = this.length.get(address)!;
    this.forget(address);
    this.record(to, length, lead);
  }

  /** Frees the mapping at `address`; whether that raised the threshold. */
  free(address: Address): boolean {
    const { settings } = this;
    const bytes = this.chunkBytes(address);
    const header = bytes + MAPPED_FLAG;
    const raises = settings.dynamic && header > settings.mmapThreshold &&
      header <= this.geometry.thresholdCeiling;
    if (raises) settings.raiseThreshold(bytes);
    this.drop(address);
    return raises;
  }

  /** Gives a mapping back. */
  drop(address: Address): void {
    const length = this.length.get(address)!;
    const lead = this.leadOf(address);
    this.forget(address);
    this.bytes -= length;
    this.reportedBytes -= length;
    this.source.munmap(address - 2 * this.word - lead, length);
  }

  /**
   * Resizes the mapping at `address` for a chunk of `bytes`; its payload then,
   * or {@linkcode NULL} if the system refuses.
   */
  resize(address: Address, bytes: number): Address {
    const length = this.length.get(address)!;
    const lead = this.leadOf(address);
    const beyond = this.headroom > 0 ? this.headroom : this.word;
    const newLength = pageUp(bytes + lead + beyond);
    if (newLength === length) return address;
    const front = lead + 2 * this.word;
    const start = this.source.mremap(address - front, length, newLength);
    if (start === NULL) return NULL;
    this.forget(address);
    this.record(start + front, newLength, lead);
    this.bytes += newLength - length;
    this.reportedBytes += newLength - length + this.headroom;
    return start + front;
  }

  /** Headers and leads of all. */
  get metadata(): number {
    const own = this.front + 2 * this.word + Math.max(
      0,
      this.headroom - this.word,
    );
    let bytes = this.length.size * own;
    for (const lead of this.leads.values()) bytes += lead - this.front;
    return bytes;
  }

  private record(address: Address, length: number, lead: number): void {
    this.length.set(address, length);
    if (lead !== this.front) this.leads.set(address, lead);
    if (this.source.lazy) {
      this.source.touch(address - 2 * this.word, 2 * this.word);
    }
  }

  private forget(address: Address): void {
    this.length.delete(address);
    this.leads.delete(address);
  }
}
