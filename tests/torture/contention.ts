/**
 * Two runs in one folder at a time: one has it, the other says so.
 *
 * @module
 */
import {
  begin,
  checkManners,
  clean,
  ended,
  type Fault,
  harm,
  runWords,
  Sound,
} from "./fault.ts";

/** Twenty pairs; three in short. */
export const contention: Fault = {
  name: "two-runs",
  summary: "two runs in one folder",
  async run(size, folder) {
    const sound = await Sound.in(folder);
    const tally = clean();
    for (let pair = 0; pair < (size === "short" ? 3 : 20); pair++) {
      const out = `${folder}/${pair}`;
      const ends = await Promise.all(
        [begin(runWords(out)), begin(runWords(out))].map(ended),
      );
      tally.runs++;
      for (const end of ends) {
        if (end.code !== 0) checkManners(tally, end, `pair ${pair}`);
      }
      if (ends.every(({ code }) => code !== 0)) {
        harm(tally, "lost", `pair ${pair}: neither run came to its end`);
      } else sound.checkSame(tally, out, `pair ${pair}`);
    }
    return tally;
  },
};
