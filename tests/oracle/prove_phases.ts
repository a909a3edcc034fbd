/**
 * Compares all recorded programs with the models; takes a minute.
 *
 *     deno run tests/oracle/prove_phases.ts
 *
 * @module
 */
import {
  ownPages,
  RECORDINGS,
} from "../workloads/containers/recorded_programs.ts";

let phases = 0;
for (const { name, recorded, simulate } of RECORDINGS) {
  const simulated = await simulate();
  const wrong = recorded.figures.filter((line, i) =>
    line !== simulated.figures[i]
  );
  phases += recorded.figures.length;
  const own = ownPages(recorded, simulated);
  console.log(
    `${name}: ${wrong.length} of ${recorded.figures.length} phases differ, ` +
      `${Math.min(...own)}..${Math.max(...own)} KiB resident are the program's`,
  );
}
console.log(`${phases} phases of ${RECORDINGS.length} programs`);
