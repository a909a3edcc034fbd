/**
 * Memory of a process that keeps its own account of resident pages, in a Set.
 *
 * @module
 */
import type { AddressSpace } from "../../../allocators/os/address_space.ts";
import { PAGE, type PageSource } from "../../../allocators/pages.ts";

/** Passes everything on to `os` and notes which pages must be resident. */
export class Shadow implements PageSource {
  readonly lazy = true;
  readonly residentBytes = undefined;
  readonly systemCalls = 0;
  readonly pageFaults = 0;
  readonly pages = new Set<number>();

  constructor(readonly os: AddressSpace) {}

  sbrk(increment: number): number {
    const old = this.os.sbrk(increment);
    if (increment < 0) this.#drop(old + increment, -increment);
    return old;
  }

  mmap(bytes: number): number {
    return this.os.mmap(bytes);
  }

  munmap(address: number, bytes: number): void {
    this.os.munmap(address, bytes);
    this.#drop(address, bytes);
  }

  mremap(address: number, oldBytes: number, newBytes: number): number {
    const to = this.os.mremap(address, oldBytes, newBytes);
    if (to === address) this.#drop(address + newBytes, oldBytes - newBytes);
    else if (to >= 0) {
      for (let at = 0; at < oldBytes; at += PAGE) {
        if (this.pages.delete((address + at) / PAGE)) {
          this.pages.add((to + at) / PAGE);
        }
      }
    }
    return to;
  }

  discard(address: number, bytes: number): void {
    this.os.discard(address, bytes);
    this.#drop(address, bytes);
  }

  touch(address: number, bytes: number): void {
    this.os.touch(address, bytes);
    for (const page of pagesOf(address, bytes)) this.pages.add(page);
  }

  read(address: number, bytes: number): void {
    this.os.read(address, bytes);
  }

  move(from: number, to: number, bytes: number): void {
    this.read(from, bytes);
    this.touch(to, bytes);
  }

  /** Bytes of `bytes` from `address` on that lie on resident pages. */
  residentIn(address: number, bytes: number): number {
    let sum = 0;
    for (const page of pagesOf(address, bytes)) {
      if (!this.pages.has(page)) continue;
      const end = Math.min(address + bytes, (page + 1) * PAGE);
      sum += end - Math.max(address, page * PAGE);
    }
    return sum;
  }

  /** Forgets the whole pages of a range that is gone. */
  #drop(address: number, bytes: number): void {
    for (
      let page = Math.ceil(address / PAGE);
      page * PAGE < address + bytes;
      page++
    ) this.pages.delete(page);
  }
}

function* pagesOf(address: number, bytes: number): Generator<number> {
  for (
    let page = Math.floor(address / PAGE);
    page * PAGE < address + bytes;
    page++
  ) yield page;
}
