/**
 * What a process finds in its address space before its first request.
 *
 * The two defaults are a small position-independent program with the C
 * library on Linux x86-64, without randomization, as 64-bit and as 32-bit
 * process. Where the break starts and where the libraries end differs from
 * program to program; the rest is the same for all.
 *
 * @module
 */
import type { Address } from "../allocator.ts";

/** Bytes below the stack that no mapping may come near. */
export const STACK_GUARD = 2 ** 20;

/** An address space before the first request; addresses in bytes. */
export interface Layout {
  /** Where the break starts; a multiple of the page. */
  heapStart: Address;
  /** Mappings are searched downward from here. */
  mmapTop: Address;
  /** Where the upward search starts if none is found downward. */
  mmapBottom: Address;
  /** The first address that no process may use. */
  end: Address;
  /** What is mapped already: [first byte, byte after], any order. */
  occupied: readonly (readonly [Address, Address])[];
  /** Whether mappings of whole 2 MiB are aligned to it (64-bit, Linux 6.7). */
  alignHuge: boolean;
  /** A single request above this many bytes fails (RAM and swap). */
  commitLimit: number;
  /** Gaps in the pages of the program's segments that its C library may use. */
  donated?: readonly (readonly [Address, Address])[];
  /** What an allocator did before the first request; absent: as it does alone. */
  origins?: Origins;
}

/** What is known of an allocator that was there before its program began. */
export interface Origins {
  /** Mappings that it made, [first byte, byte after], in order; they are not occupied. */
  mappings: readonly (readonly [Address, Address])[];
  /** Where its variables of the thread lie. */
  threadLocal: Address;
}

/** A 64-bit process. */
export const LAYOUT_64: Layout = {
  heapStart: 0x5555_5557_a000,
  mmapTop: 0x7fff_f7ff_f000,
  mmapBottom: 0x2aaa_aaaa_b000,
  end: 0x7fff_ffff_f000,
  occupied: [
    [0x5555_5555_4000, 0x5555_5557_a000], // program
    [0x7fff_f7dd_5000, 0x7fff_f7fb_7000], // libc
    [0x7fff_f7fb_d000, 0x7fff_f7ff_f000], // vdso, ld.so
    [0x7fff_fffd_e000 - STACK_GUARD, 0x7fff_ffff_f000], // stack
  ],
  alignHuge: true,
  commitLimit: Infinity,
};

/**
 * A 64-bit process for models that know no other place than the start of their
 * memory: the break starts at a multiple of 2^46, far from what is mapped, and
 * a single request gets 4 TiB at most.
 */
export const LAYOUT_ALIGNED: Layout = {
  ...LAYOUT_64,
  heapStart: 2 ** 46,
  commitLimit: 2 ** 42,
};

/** A 32-bit process on a 64-bit kernel. */
export const LAYOUT_32: Layout = {
  heapStart: 0x5657_c000,
  mmapTop: 0xf7ff_e000,
  mmapBottom: 0x5555_5000,
  end: 0xffff_e000,
  occupied: [
    [0x5655_5000, 0x5657_c000], // program
    [0xf7d9_7000, 0xf7ff_e000], // libc, vdso, ld.so
    [0xfffd_d000 - STACK_GUARD, 0xffff_e000], // stack
  ],
  alignHuge: false,
  commitLimit: Infinity,
};
