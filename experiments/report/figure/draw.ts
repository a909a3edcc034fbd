/**
 * A chart as an SVG of a given width.
 *
 * @module
 */
import type { Chart, Mark, Panel } from "../marks/mark.ts";
import { emptiness, frame, guide, moments } from "./frame.ts";
import { type Layout, layoutOf, MARGIN, type Place, TITLE } from "./layout.ts";
import { legend } from "./legend.ts";
import { gap, type Part, small, text } from "./part.ts";
import { element, picture, short } from "./svg.ts";

/** Columns whose values say what they are. */
export const OBVIOUS = ["allocator", "phase"];
/** The SVG. */
export function drawn(chart: Chart, mark: Mark, width: number): string {
  const layout = layoutOf(chart, mark, width);
  const panels = layout.places.map((place) => panelOf(chart, layout, place));
  const bare = chart.series.every((name) => !Number.isNaN(Number(name)));
  const hidden = Map.groupBy(
    panels.flatMap((panel, i) =>
      (mark.hidden?.(panel) ?? []).map((note) => ({
        note: bare ? `${chart.legend} ${note}` : note,
        i,
      }))
    ),
    ({ note }) => note,
  );
  const notes = [...hidden].map(([note, of]) =>
    of.length === panels.length
      ? note
      : `${note} (${of.map(({ i }) => chart.panels[i]).join(", ")})`
  );
  const [above, below] = axisTitles(chart);
  const room = width - 2 * MARGIN;
  const parts: Part[] = [
    text([chart.title], room, { size: TITLE, bold: true }),
    small(chart.notes, room),
    gap(6),
    legend(chart, mark, room),
    gap(6),
    text(above, room, {}),
    gap(8),
    {
      svg: layout.places.map((place, i) =>
        element(
          "g",
          { transform: `translate(${short(place.left)},${short(place.top)})` },
          frame(chart, mark, layout, place),
          mark.draw(panels[i]!),
          moments(chart, layout),
          emptiness(chart, mark, panels[i]!),
          guide(chart, layout),
        )
      ).join(""),
      height: layout.total,
    },
    gap(4),
    text(below, room - layout.places[0]!.left + MARGIN, {
      left: layout.places[0]!.left - MARGIN,
    }),
    gap(4),
    small(notes, room),
  ];
  let y = MARGIN;
  const content = parts.map(({ svg, height }) => {
    const at = y;
    y += height;
    return svg === ""
      ? ""
      : element("g", { transform: `translate(0,${short(at)})` }, svg);
  });
  return picture(
    {
      width,
      height: y + MARGIN,
      label: [chart.title, [...chart.notes, ...notes].join("; ")].join(" "),
    },
    (mark.patterns?.(chart) ?? "") + content.join(""),
  );
}

/** Titles of the axes: the vertical one's above the panels, the other's below. */
function axisTitles({ x, y }: Chart): [above: string[], below: string[]] {
  const titles = ({ name, title }: Chart["x"]) =>
    OBVIOUS.includes(name) ? [] : [title];
  return [titles(y), titles(x)];
}

/** The panel at `place`, for its mark. */
function panelOf(chart: Chart, layout: Layout, place: Place): Panel {
  return {
    x: layout.x,
    y: layout.y,
    points: chart.points.filter(({ panel }) => panel === place.panel),
    series: chart.series,
    looks: chart.looks,
    width: layout.width,
    height: layout.height,
  };
}
