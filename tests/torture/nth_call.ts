/**
 * The disk fails once, at the first, second, ... call that changes anything:
 * each run says so in one line, and resumed it ends with the same bytes.
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
import { built } from "./tools.ts";

/** Every call of a small run; every ninth in short. */
export const nthCall: Fault = {
  name: "nth-call",
  summary: "the n-th write, sync, rename, ... fails, for every n",
  async run(size, folder) {
    const sound = await Sound.in(folder);
    const tally = clean();
    const shim = await built("shim");
    const under = (out: string, more: string) => [
      "env",
      `LD_PRELOAD=${shim}`,
      `FAULT_UNDER=${out}`,
      more,
    ];
    const count = `${folder}/count`;
    const counted = `${folder}/counted`;
    await ended(
      begin(runWords(counted), under(counted, `FAULT_COUNT=${count}`)),
    );
    const calls = Number(Deno.readTextFileSync(count));
    if (!(calls > 50)) throw new Error(`Only ${calls} calls were seen`);
    const step = size === "short" ? Math.ceil(calls / 16) : 1;
    for (let n = 1; n <= calls; n += step) {
      const out = `${folder}/${n}`;
      const where = `call ${n} of ${calls}`;
      const end = await ended(
        begin(runWords(out), under(out, `FAULT_NTH=${n}`)),
      );
      tally.runs++;
      sound.checkWhole(tally, out, where);
      sound.checkKept(tally, out, acknowledged(end), where);
      if (end.code === 0) sound.checkSame(tally, out, where);
      else {
        checkManners(tally, end, where);
        const again = await ended(begin(runWords(out, "--resume")));
        if (again.code === 0) sound.checkSame(tally, out, `${where}, resumed`);
        else checkManners(tally, again, `${where}, resumed`);
      }
      removed(out);
    }
    return tally;
  },
};

function removed(folder: string): void {
  try {
    Deno.removeSync(folder, { recursive: true });
  } catch { /* it was never made */ }
}
