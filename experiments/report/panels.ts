/**
 * Panels side by side, as Vega-Lite has them.
 *
 * @module
 */

/** Width of all panels together, pixels. */
const WIDTH = 620;
/** Between panels. */
const SPACING = 36;

/** Panels side by side. */
function columnsOf(panels: number): number {
  return panels === 4 ? 2 : Math.min(3, panels);
}

/** Width of each of `panels`, pixels. */
export function panelWidth(panels: number): number {
  const columns = columnsOf(panels);
  return Math.floor((WIDTH - SPACING * (columns - 1)) / columns);
}

/** `unit` once for each of `panels`, by the field `panel`; alone if there is one. */
export function inPanels(panels: readonly string[], unit: object): object {
  if (panels.length === 1) return unit;
  const columns = columnsOf(panels.length);
  return {
    facet: {
      field: "panel",
      type: "nominal",
      sort: panels,
      header: { title: null },
    },
    columns,
    spacing: SPACING,
    spec: unit,
    ...(panels.length % columns > 0 && {
      resolve: { axis: { x: "independent" } },
    }),
  };
}
