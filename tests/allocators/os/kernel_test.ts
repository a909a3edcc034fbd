/**
 * The address space against recorded runs of the real kernel: every address,
 * break, resident page and fault of thousands of random requests.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { AddressSpace } from "../../../allocators/os/address_space.ts";
import {
  type Layout,
  LAYOUT_32,
  LAYOUT_64,
  STACK_GUARD,
} from "../../../allocators/os/layout.ts";
import { PAGE } from "../../../allocators/pages.ts";
import kernel32 from "../../oracle/fixtures/kernel_32.gz" with {
  type: "bytes",
};
import kernel64 from "../../oracle/fixtures/kernel_64.gz" with {
  type: "bytes",
};
import kernelHuge from "../../oracle/fixtures/kernel_huge.gz" with {
  type: "bytes",
};

async function linesOf(packed: Uint8Array<ArrayBuffer>): Promise<string[]> {
  const stream = new Blob([packed]).stream();
  const text = stream.pipeThrough(new DecompressionStream("gzip"));
  return (await new Response(text).text()).trim().split("\n");
}

/** The layout that `V` and `B` lines describe. */
function layoutOf(lines: readonly string[], base: Layout): Layout {
  const occupied: [number, number][] = [];
  let heapStart = 0;
  for (const line of lines) {
    const [what, first, after, name] = line.split(" ");
    if (what === "B") heapStart = parseInt(first!, 16);
    if (what !== "V" || name === "[vsyscall]") continue;
    const guard = name === "[stack]" ? STACK_GUARD : 0;
    occupied.push([parseInt(first!, 16) - guard, parseInt(after!, 16)]);
  }
  return { ...base, heapStart, occupied };
}

/** Plays the recorded requests; what each led to, in the recording's form. */
function play(lines: readonly string[], os: AddressSpace): string[] {
  const heap = os.break;
  const address = new Map<number, number>([[-1, heap]]);
  const length = new Map<number, number>();
  return lines.filter((line) => !/^[VB]/.test(line)).map((line) => {
    const [op, ...rest] = line.split(" ");
    const [id, at, n] = rest.map(Number) as [number, number, number];
    const start = (address.get(id) ?? 0) + at;
    let result = "-";
    const take = (mapped: number) => {
      result = Math.max(0, mapped).toString(16);
      if (mapped < 0) return;
      address.set(id, mapped);
      length.set(id, n);
    };
    if (op === "k") os.sbrk(n);
    if (op === "k") result = os.break.toString(16);
    if (op === "m") take(os.mmap(n));
    const held = id < 0 ? Infinity : length.get(id) ?? 0;
    if (op === "r" && held > 0) take(os.mremap(start, held, n));
    if (at + n <= held) {
      if (op === "u") os.munmap(start, n);
      if (op === "d") os.discard(start, n);
      if (op === "w") os.touch(start, n);
      if (op === "g") os.read(start, n);
    }
    return `${op} ${id} ${at} ${n} ${result} ${
      os.residentBytes / PAGE
    } ${os.pageFaults}`;
  });
}

const RUNS = [
  { name: "64-bit", packed: kernel64, base: LAYOUT_64, hugePages: false },
  { name: "32-bit", packed: kernel32, base: LAYOUT_32, hugePages: false },
  { name: "huge pages", packed: kernelHuge, base: LAYOUT_64, hugePages: true },
];

for (const { name, packed, base, hugePages } of RUNS) {
  Deno.test(`${name}: as the kernel did, request by request`, async () => {
    const lines = await linesOf(packed);
    const os = new AddressSpace({ layout: layoutOf(lines, base), hugePages });
    assertEquals(play(lines, os), lines.filter((line) => !/^[VB]/.test(line)));
    os.check();
  });
}
