/**
 * The colours of the map: safe for the colour-blind (after M. Okabe and K. Ito,
 * Color Universal Design), and told apart by lightness too.
 *
 * @module
 */

/** Red, green, blue in 0..255. */
export type Rgb = readonly [number, number, number];

/** What the map is painted with. */
export interface Palette {
  background: Rgb;
  /** Blocks of the program. */
  live: Rgb;
  /** By code of `BETWEEN`; 0 is the background. */
  between: readonly Rgb[];
  /** From little to much. */
  ramp: readonly Rgb[];
  /** Of categories; the last one is of all others. */
  categories: readonly Rgb[];
}

/** Categories with a colour of their own. */
export const CATEGORIES = 7;

const LIGHT: Palette = {
  background: [250, 250, 248],
  live: [0, 114, 178],
  between: [
    [250, 250, 248],
    [224, 226, 228],
    [150, 152, 156],
    [204, 121, 167],
    [230, 159, 0],
  ],
  ramp: [
    [253, 224, 150],
    [240, 175, 80],
    [214, 116, 60],
    [176, 66, 88],
    [125, 34, 110],
    [70, 16, 100],
    [30, 8, 70],
    [10, 4, 36],
  ],
  categories: [
    [0, 114, 178],
    [213, 94, 0],
    [0, 158, 115],
    [204, 121, 167],
    [86, 180, 233],
    [160, 120, 0],
    [90, 60, 150],
    [110, 112, 116],
  ],
};

const DARK: Palette = {
  background: [18, 20, 24],
  live: [86, 180, 233],
  between: [
    [18, 20, 24],
    [46, 50, 56],
    [98, 102, 110],
    [204, 121, 167],
    [230, 159, 0],
  ],
  ramp: [
    [60, 20, 100],
    [110, 30, 120],
    [165, 50, 105],
    [210, 80, 75],
    [240, 125, 60],
    [250, 175, 80],
    [253, 215, 130],
    [255, 245, 200],
  ],
  categories: [
    [86, 180, 233],
    [240, 140, 60],
    [50, 190, 145],
    [214, 140, 184],
    [240, 228, 66],
    [150, 130, 240],
    [200, 170, 110],
    [150, 152, 158],
  ],
};

/** The palette for a dark or a light page. */
export function paletteOf(dark: boolean): Palette {
  return dark ? DARK : LIGHT;
}
