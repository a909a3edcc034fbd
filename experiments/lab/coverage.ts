/**
 * How much of each pixel of a view is covered by rectangles, exactly.
 *
 * The edges of each rectangle are noted in an array of differences in both
 * directions; sums over it in both directions are the covered parts. In each
 * direction a pixel is divided into 256 parts, and what is covered at all is at
 * least one: a block of 16 bytes that lives for one operation is seen in any
 * view. Sums wrap around at 2^32 on the way and are right in the end, since
 * they are sums of whole numbers.
 *
 * @module
 */

/** Parts of a pixel in one direction. */
export const PARTS = 256;
/** Parts of a whole pixel. */
export const WHOLE: number = PARTS * PARTS;

/** Differences of one picture. */
export class Coverage {
  readonly width: number;
  readonly height: number;
  /** Row by row, with a column and a row more than the picture has. */
  private readonly differences: Int32Array<ArrayBuffer>;
  // Places and differences along both axes of the rectangle at hand.
  private readonly atX = new Int32Array(4);
  private readonly byX = new Int32Array(4);
  private readonly atY = new Int32Array(4);
  private readonly byY = new Int32Array(4);

  /** Nothing is covered yet. */
  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.differences = new Int32Array((width + 2) * (height + 2));
  }

  /**
   * Covers `x0` .. `x1` by `y0` .. `y1`, in pixels from the first one on, where
   * x0 < width, y0 < height, and x1, y1 > 0; `weight` times.
   */
  add(x0: number, x1: number, y0: number, y1: number, weight = 1): void {
    const { atX, byX, atY, byY, differences } = this;
    const stride = this.width + 2;
    const nx = edges(x0, x1, this.width, atX, byX);
    const ny = edges(y0, y1, this.height, atY, byY);
    for (let j = 0; j < ny; j++) {
      const row = atY[j]! * stride;
      const by = byY[j]! * weight;
      for (let i = 0; i < nx; i++) {
        differences[row + atX[i]!]! += Math.imul(by, byX[i]!);
      }
    }
  }

  /** The covered parts of every pixel, row by row: `WHOLE` of all of it. */
  sums(): Int32Array<ArrayBuffer> {
    const { width, height, differences } = this;
    const stride = width + 2;
    const above = new Int32Array(stride);
    const sums = new Int32Array(width * height);
    for (let y = 0; y < height; y++) {
      let sum = 0;
      for (let x = 0; x < width; x++) {
        above[x]! += differences[y * stride + x]!;
        sum = (sum + above[x]!) | 0;
        sums[y * width + x] = sum;
      }
    }
    return sums;
  }
}

/**
 * The differences along an axis of what `from` .. `to` covers of each pixel;
 * how many there are.
 */
function edges(
  from: number,
  to: number,
  length: number,
  at: Int32Array,
  by: Int32Array,
): number {
  const first = from <= 0 ? 0 : Math.floor(from * PARTS);
  const last = to >= length
    ? length * PARTS
    : Math.max(first + 1, Math.ceil(to * PARTS));
  const p = Math.floor(first / PARTS);
  const q = Math.floor((last - 1) / PARTS);
  at[0] = p;
  if (p === q) {
    at[1] = p + 1;
    by[0] = last - first;
    by[1] = first - last;
    return 2;
  }
  const head = (p + 1) * PARTS - first;
  const tail = last - q * PARTS;
  by[0] = head;
  let n = 1;
  if (head !== PARTS) {
    at[n] = p + 1;
    by[n++] = PARTS - head;
  }
  if (tail !== PARTS) {
    at[n] = q;
    by[n++] = tail - PARTS;
  }
  at[n] = q + 1;
  by[n++] = -tail;
  return n;
}
