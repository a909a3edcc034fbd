/**
 * Disks that take no more: too small, without inodes, read-only.
 *
 * @module
 */
import {
  acknowledged,
  begin,
  checkManners,
  clean,
  ended,
  type Fault,
  runWords,
  Sound,
  system,
  type Tally,
} from "./fault.ts";

const missing = () =>
  Deno.uid() === 0 ? undefined : "it needs to be root to mount";

/** Runs on a tmpfs with `options`; then on a larger one if `grows`. */
async function tryOn(
  tally: Tally,
  sound: Sound,
  at: string,
  options: string,
  grows?: string,
): Promise<void> {
  const out = `${at}/results`;
  await system("mount", "-t", "tmpfs", "-o", options, "tmpfs", at);
  try {
    const end = await ended(begin(runWords(out)));
    tally.runs++;
    if (end.code === 0) sound.checkSame(tally, out, options);
    else checkManners(tally, end, options);
    sound.checkWhole(tally, out, options);
    sound.checkKept(tally, out, acknowledged(end), options);
    if (!grows) return;
    await system("mount", "-o", `remount,${grows}`, at);
    const again = await ended(begin(runWords(out, "--resume")));
    if (again.code === 0) sound.checkSame(tally, out, `${options}, resumed`);
    else checkManners(tally, again, `${options}, resumed`);
  } finally {
    await system("umount", at);
  }
}

/** A file system for each of `options`. */
function disks(
  name: string,
  summary: string,
  options: (size: number) => { mount: string; grows?: string },
  sizes: { short: readonly number[]; long: readonly number[] },
): Fault {
  return {
    name,
    summary,
    missing,
    async run(size, folder) {
      const sound = await Sound.in(folder);
      const at = `${folder}/disk`;
      Deno.mkdirSync(at);
      const tally = clean();
      for (const n of sizes[size]) {
        const { mount, grows } = options(n);
        await tryOn(tally, sound, at, mount, grows);
      }
      return tally;
    },
  };
}

const range = (n: number, step: number) =>
  Array.from({ length: n }, (_, i) => (i + 1) * step);

/** Twenty sizes from 8 to 640 KiB. */
export const fullDisk: Fault = disks(
  "full",
  "the disk is full; resumed once there is room",
  (kib) => ({ mount: `size=${kib}k`, grows: "size=64m" }),
  { short: [8, 100, 300], long: [8, 16, ...range(18, 32)] },
);

/** Few inodes. */
export const noInodes: Fault = disks(
  "inodes",
  "the disk has no inode left; resumed once it has",
  (count) => ({ mount: `nr_inodes=${count}`, grows: "nr_inodes=100000" }),
  { short: [3, 20], long: [2, 3, 4, 6, 8, 12, 20, 30, 50, 70] },
);

/** Nothing can be written at all. */
export const readOnly: Fault = disks(
  "read-only",
  "the disk is read-only",
  () => ({ mount: "ro" }),
  { short: [1], long: [1] },
);
