/**
 * The picture of the README: a figure of maps that is covered after a
 * second and uncovered from left to right, as time goes by. Where motion is not wanted, or style sheets are
 * not known, all of it is there at once.
 *
 * @module
 */

import { ok, ROOT } from "../runner/lab.ts";

/** Where it is kept. */
export const README_FIGURE: string = `${ROOT}data/figure.svg`;
/** What it is made from. */
const MAP = "figures/map_churn.2.svg";
const RUN = "experiments map_churn --allocator first_fit,glibc,pool " +
  "--set keys=random --set erase=random --set strings=uniform:16:64 --seeds 1";

/** The picture of a run into `folder`. */
export async function readmeFigure(folder: string): Promise<string> {
  const program = `${ROOT}experiments/main.ts`;
  await ok([...RUN.split(" "), "--out", folder], { program });
  return moving(Deno.readTextFileSync(`${folder}/${MAP}`));
}

/** Seconds that all is seen at first, as by those who take one look. */
const PAUSE = 1;
/** Seconds until all is uncovered again. */
const SECONDS = 5;

const MOTION = `@keyframes uncover{from{transform:none}to{transform:scaleX(0)}}
@media(prefers-reduced-motion:no-preference){.veil{transform-box:fill-box;
transform-origin:right;animation:uncover ${SECONDS}s linear ${PAUSE}s}}`;

/** `svg` with a veil over each of its maps. */
function moving(svg: string): string {
  const paper = /<rect width="[\d.]+" height="[\d.]+" fill="(#\w+)"/.exec(svg)!;
  return svg.replace("</style>", `${MOTION}</style>`).replace(
    /<g class="mark">((?:<path [^>]*>)+)<\/g>/g,
    (all, paths: string) => all + veil(paths, paper[1]!),
  );
}

/** A rectangle of paper over the rectangles of `paths`; of no width at rest. */
function veil(paths: string, paper: string): string {
  const boxes = [...paths.matchAll(/M(-?\d+),(-?\d+)h(\d+)v(\d+)/g)]
    .map((box) => box.slice(1).map(Number) as [number, number, number, number]);
  const left = Math.min(...boxes.map(([x]) => x));
  const right = Math.max(...boxes.map(([x, , width]) => x + width));
  const top = Math.min(...boxes.map(([, y]) => y));
  const bottom = Math.max(...boxes.map(([, y, , height]) => y + height));
  return `<rect class="veil" x="${left}" y="${top}" width="${right - left}" ` +
    `height="${bottom - top}" fill="${paper}" transform="scale(0 1)"/>`;
}
