/**
 * SIGKILL at random moments; each time the run goes on with `--resume`.
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
} from "./fault.ts";

/** Longest time until a kill, in milliseconds: some runs end before. */
const LATEST = 2500;

/** A thousand kills; twenty in short. */
export const kills: Fault = {
  name: "kill",
  summary: "SIGKILL at a random moment, then --resume",
  async run(size, folder) {
    const sound = await Sound.in(folder);
    const tally = clean();
    const wanted = size === "short" ? 20 : 1000;
    for (let number = 0; tally.runs < wanted;) {
      const out = `${folder}/${number}`;
      const child = begin(runWords(out, "--resume"));
      const timer = setTimeout(
        () => child.kill("SIGKILL"),
        50 + Math.random() * LATEST,
      );
      const end = await ended(child);
      clearTimeout(timer);
      const where = `kill ${tally.runs}`;
      if (end.killed) tally.runs++;
      else {
        number++;
        if (end.code === 0) sound.checkSame(tally, out, where);
        else checkManners(tally, end, where);
      }
      sound.checkWhole(tally, out, where);
      sound.checkKept(tally, out, acknowledged(end), where);
    }
    return tally;
  },
};
