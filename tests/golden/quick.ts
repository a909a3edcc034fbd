/**
 * The quick run, whose CSV files are kept beside this file as they should be.
 *
 * @module
 */
import { contents, ok, ROOT } from "../runner/lab.ts";

/** Where the files are kept. */
export const GOLDEN = new URL("./", import.meta.url).pathname;

/**
 * The CSV files of all experiments at quick scale, by name; written to
 * `folder`. Not statistics.csv: with one seed it repeats summary.csv.
 */
export async function quickRun(folder: string): Promise<Map<string, string>> {
  const program = `${ROOT}experiments/main.ts`;
  await ok(["experiments", "--scale", "quick", "--out", folder], { program });
  const files = [...contents(folder)];
  return new Map(
    files.filter(([name]) =>
      /^[^/]+\.csv$/.test(name) && name !== "statistics.csv"
    ),
  );
}

/** The kept files, by name. */
export function kept(): Map<string, string> {
  const names = [...Deno.readDirSync(GOLDEN)].map(({ name }) => name);
  return new Map(
    names.filter((name) => /^[^.]+(\.[a-z_]+)?\.csv$/.test(name))
      .filter((name) => !name.endsWith(".changed.csv"))
      .map((name) => [name, Deno.readTextFileSync(GOLDEN + name)]),
  );
}
