/**
 * Short names of allocators: what tells them apart within a figure.
 *
 * @module
 */

/** Labels of some specs. */
export interface Labels {
  /** The label of `spec`. */
  of(spec: string): string;
  /** What the labels leave out. */
  notes: string[];
}

/** Labels for `specs`, which may repeat. */
export function labelsOf(specs: readonly string[]): Labels {
  const all = [...new Set(specs)];
  const options = (spec: string) => spec.split(":").slice(1);
  const name = (spec: string) => spec.split(":", 1)[0]!;
  const common = all.length > 1
    ? options(all[0]!).filter((option) =>
      all.every((spec) => options(spec).includes(option))
    )
    : [];
  const namesakes = (spec: string) =>
    all.filter((other) => name(other) === name(spec)).length;
  const own = (spec: string) =>
    options(spec).filter((option) => !common.includes(option));
  const of = (spec: string) =>
    namesakes(spec) === 1 ? name(spec) : [name(spec), ...own(spec)].join(" ");
  const shortened = all.filter((spec) =>
    namesakes(spec) === 1 && own(spec).length > 0
  );
  const labels = new Map(all.map((spec) => [spec, of(spec)]));
  return {
    of: (spec) => labels.get(spec)!,
    notes: [
      ...(common.length > 0 ? [`all with ${common.join(" ")}`] : []),
      ...shortened.map((spec) => `${name(spec)} with ${own(spec).join(" ")}`),
    ],
  };
}
