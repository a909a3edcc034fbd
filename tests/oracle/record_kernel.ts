/**
 * Records fixtures/kernel_*.gz: random requests for memory and what the real
 * kernel did with each. Give it the programs built from kernel.c:
 *
 *     deno run -A tests/oracle/record_kernel.ts kernel64 [kernel32]
 *
 * @module
 */

const MIB = 2 ** 20;

/**
 * Requests as kernel.c reads them; `most` bytes in the longest mapping. Whether
 * a huge page fits depends on where one VMA ends and the next begins, which
 * the model does not know: `whole` mappings are as long as they began.
 */
function requests(
  seed: number,
  count: number,
  most: number,
  whole = false,
): string[] {
  let state = seed;
  const draw = () =>
    (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const below = (n: number) => Math.floor(draw() * n);
  const pages = () =>
    draw() < 0.15
      ? 2 * MIB * (1 + below(4))
      : 4096 * Math.ceil(most / 4096 * draw() ** 5);
  const length: number[] = []; // by id; 0 once a part of it was unmapped
  const lines: string[] = [];
  const wholes = () => length.flatMap((bytes, id) => bytes > 0 ? [id] : []);
  let heap = 0;
  while (lines.length < count) {
    const ids = wholes();
    const u = draw();
    if (u < 0.05) {
      const n = below(2) ? below(9000) : -Math.min(heap, below(9000));
      heap += n;
      lines.push(`k ${n}`);
      continue;
    }
    if (u < 0.1 && heap > 0) {
      const at = below(heap);
      lines.push(`${u < 0.08 ? "w" : "g"} -1 ${at} ${1 + below(heap - at)}`);
      continue;
    }
    if (ids.length === 0 || u < 0.25 && ids.length < 100) {
      const n = length[length.length] = pages();
      lines.push(`m ${length.length - 1} ${n}`);
      continue;
    }
    const id = ids[below(ids.length)]!;
    const bytes = length[id]!;
    const at = 4096 * below(bytes / 4096);
    const n = 4096 * (1 + below((bytes - at) / 4096));
    if (whole && (u < 0.33 || u >= 0.48 && u < 0.53)) continue;
    if (u < 0.33) lines.push(`r ${id} ${length[id] = pages()}`);
    else if (u < 0.43) lines.push(`d ${id} ${at} ${n}`);
    else if (u < 0.53) {
      lines.push(u < 0.48 ? `u ${id} 0 ${bytes}` : `u ${id} ${at} ${n}`);
      length[id] = 0;
    } else {
      const first = below(bytes);
      const last = draw() < 0.5
        ? first + below(Math.min(bytes - first, 20_000))
        : first + below(bytes - first);
      lines.push(`${u < 0.85 ? "w" : "g"} ${id} ${first} ${1 + last - first}`);
    }
  }
  return lines;
}

async function record(
  program: string,
  args: string[],
  lines: string[],
  name: string,
) {
  const child = new Deno.Command(program, {
    args,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const sent = new Blob([lines.join("\n")]).stream().pipeTo(child.stdin);
  const packed = child.stdout.pipeThrough(new CompressionStream("gzip"));
  const path = new URL(`fixtures/kernel_${name}.gz`, import.meta.url);
  await Promise.all([sent, Deno.writeFile(path, packed), child.status]);
}

if (import.meta.main) {
  const [kernel64, kernel32] = Deno.args;
  await record(kernel64!, [], requests(1, 4000, 4 * MIB), "64");
  await record(kernel64!, ["-H"], requests(2, 3000, 8 * MIB, true), "huge");
  if (kernel32) {
    await record(kernel32, [], requests(3, 3000, 300 * MIB), "32");
  }
}
