/**
 * Power cuts: an ext4 file system on a loop device stops at once, is mounted
 * again as after a restart, and the run goes on.
 *
 * The control is the same without fsync: if nothing is lost then, the cut
 * shows nothing.
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
import { built } from "./tools.ts";

/** Longest time until the cut, in milliseconds: some runs end before. */
const LATEST = 2500;

/** A disk in a file, mounted. */
class Disk {
  readonly at: string;
  readonly #image: string;

  private constructor(folder: string) {
    this.at = `${folder}/disk`;
    this.#image = `${folder}/disk.img`;
  }

  static async make(folder: string): Promise<Disk> {
    const disk = new Disk(folder);
    await system("truncate", "--size=64M", disk.#image);
    await system("mkfs.ext4", "-q", "-F", disk.#image);
    Deno.mkdirSync(disk.at);
    await disk.mount();
    return disk;
  }

  mount(): Promise<void> {
    return system("mount", "-o", "loop", this.#image, this.at);
  }

  unmount(): Promise<void> {
    return system("umount", this.at);
  }

  /** The power fails and comes back. */
  async cut(): Promise<void> {
    await system(await built("cut"), this.at);
    await this.unmount();
    await this.mount();
  }
}

/** A hundred cuts; six in short. */
export const power: Fault = {
  name: "power",
  summary: "the power fails: ext4 stops, and is mounted again",
  missing: () => Deno.uid() === 0 ? undefined : "it needs to be root to mount",
  async run(size, folder) {
    const sound = await Sound.in(folder);
    const disk = await Disk.make(folder);
    const tally = clean();
    try {
      await control(sound, disk);
      for (
        let number = 0;
        tally.runs < (size === "short" ? 6 : 100);
        number++
      ) {
        await strike(tally, sound, disk, number);
      }
    } finally {
      await disk.unmount();
    }
    return tally;
  },
};

/** Runs until the power fails; afterwards the same run must come to its end. */
async function strike(
  tally: Tally,
  sound: Sound,
  disk: Disk,
  number: number,
): Promise<void> {
  const out = `${disk.at}/${number}`;
  const where = `cut ${number}`;
  const child = begin(runWords(out, "--resume"));
  // Every third cut comes after the end, when all is acknowledged.
  const wait = number % 3 === 0 ? 1e6 : 200 + Math.random() * LATEST;
  const timer = Promise.withResolvers<void>();
  const timeout = setTimeout(timer.resolve, wait);
  const end = ended(child);
  await Promise.race([timer.promise, end]);
  clearTimeout(timeout);
  await system(await built("cut"), disk.at);
  try {
    child.kill("SIGKILL");
  } catch { /* it has ended */ }
  const seen = await end;
  await disk.unmount();
  await disk.mount();
  tally.runs++;
  sound.checkWhole(tally, out, where);
  sound.checkKept(tally, out, acknowledged(seen), where);
  const again = await ended(begin(runWords(out, "--resume")));
  if (again.code === 0) sound.checkSame(tally, out, where);
  else checkManners(tally, again, where);
  Deno.removeSync(out, { recursive: true });
}

/** Throws unless a cut after a run without fsync does harm. */
async function control(sound: Sound, disk: Disk): Promise<void> {
  const out = `${disk.at}/control`;
  const tally = clean();
  const shim = [
    `LD_PRELOAD=${await built("shim")}`,
    `FAULT_UNDER=${disk.at}`,
    "FAULT_NOSYNC=1",
  ];
  const end = await ended(begin(runWords(out), ["env", ...shim]));
  await disk.cut();
  sound.checkWhole(tally, out, "control");
  sound.checkKept(tally, out, acknowledged(end), "control");
  if (end.code !== 0 || tally.half + tally.lost === 0) {
    throw new Error("The cut does no harm to a run without fsync either");
  }
}
