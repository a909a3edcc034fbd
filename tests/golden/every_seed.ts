/**
 * The lab as a program, every experiment of which is taken to be random: so
 * `--seed` reaches the cells that are declared to draw nothing, too.
 *
 * @module
 */
import { CATALOGUE, main } from "../../experiments/main.ts";

if (import.meta.main) {
  const experiments = CATALOGUE.experiments.map((one) => ({
    ...one,
    random: true,
  }));
  Deno.exit(await main(Deno.args, { ...CATALOGUE, experiments }));
}
