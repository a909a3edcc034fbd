/**
 * A second reader of `.rep` text, as plain as can be, to compare with.
 *
 * @module
 */

const FORMS: Record<string, RegExp> = {
  a: /^a (\d+) (\d+)$/,
  c: /^c (\d+) (\d+)$/,
  r: /^r (\d+) (\d+)$/,
  f: /^f (-?\d+)$/,
  m: /^m (\d+) (\d+) (\d+)$/,
  t: /^t (\d+)$/,
  o: /^o (-?\d+) (-?\d+)$/,
  k: /^k (-?\d+)$/,
  w: /^w (\d+) (\d+) (\d+)$/,
  g: /^g (\d+) (\d+) (\d+)$/,
  p: /^p ./,
  "@": /^@./,
  T: /^T (\d+)$/,
  E: /^E (\d+)$/,
  N: /^N (\d+)$/,
  R: /^R (\d+)$/,
  S: /^S (\d+) (.+)$/,
};
const LETTERS = "acrfmtokwgp@TENR"; // in the order of Op

/** The double that `word` is, or the next one towards 0. */
export function decimal(word: string | bigint | undefined): number {
  const exact = BigInt(word!);
  const near = Number(exact);
  const past = exact < 0n ? BigInt(near) < exact : BigInt(near) > exact;
  if (!past) return near;
  const bits = new BigInt64Array(new Float64Array([near]).buffer);
  bits[0]!--; // of the same sign, one step smaller
  return new Float64Array(bits.buffer)[0]!;
}

/** What one id stands for. */
type Entry = { slot: number; size: number; live: boolean };

/** Rows of op, slot, size, extra, line and site, or the number of the bad line. */
export function plainRead(text: string): number[][] | number {
  const rows: number[][] = [];
  const ids = new Map<number, Entry>();
  const ever = new Set<number>();
  const names: string[] = [];
  const threads = new Set<number>();
  const freed: number[] = [];
  let slots = 0;
  let sites = 0;
  let header = 0;
  let inBody = false;
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  for (const [i, raw] of lines.entries()) {
    const line = raw.trim().replaceAll(/[ \t\r]+/g, " ");
    if (line === "" || line.startsWith("#")) continue;
    if (!inBody && /^\d+$/.test(line) && ++header <= 4) continue;
    const [, sited, number] = /^([acrm] .*) s(\d+)$/.exec(line) ?? [];
    const match = FORMS[line[0]!]?.exec(sited ?? line);
    if (!match || !inBody && header % 2 > 0) return i + 1;
    inBody = true;
    if (line[0] === "S") {
      if (match[1] !== `${++sites}`) return i + 1;
      if (/[\p{Cc}\ufffd]|.{4097}/u.test(match[2]!)) return i + 1;
      continue;
    }
    const site = decimal(number ?? 0n);
    if (site > sites || number && site === 0) return i + 1;
    const op = LETTERS.indexOf(line[0]!);
    const row = (slot: number, size = 0, extra = 0) =>
      rows.push([op, slot, size, extra, i + 1, site]);
    if (op === 12 || op === 13) {
      const thread = decimal(match[1]);
      const begun = threads.has(thread);
      if (op === 12 ? thread > 65_535 : !begun || thread === 0) return i + 1;
      if (op === 12) threads.add(thread);
      else threads.delete(thread);
      row(thread);
      continue;
    }
    if (op === 10 || op === 11) {
      const name = raw.trim().slice(1).trim();
      if (/[\p{Cc}\ufffd]|.{257}/u.test(name)) return i + 1;
      if (!names.includes(name)) names.push(name);
      row(names.indexOf(name));
      continue;
    }
    const [first, second, third] = match.slice(1).map(BigInt);
    if ([first, second, third].some((n) => n && n * n >= 2n ** 128n)) {
      return i + 1;
    }
    const id = decimal(first);
    const entry = ids.get(id);
    const allocate = (size: number, extra: number) => {
      if (entry?.live || id >= 2 ** 53) return false;
      const slot = entry?.slot ?? freed.pop() ?? slots++;
      ids.set(id, { slot, size, live: true });
      ever.add(id);
      return row(slot, size, extra);
    };
    const access = (offset: number, bytes: number) =>
      entry?.live && offset + bytes <= entry.size &&
      row(entry.slot, bytes, offset);
    let fits: unknown = true;
    switch (line[0]) {
      case "a":
      case "c":
        fits = allocate(decimal(second), 0);
        break;
      case "m":
        fits = allocate(decimal(third), decimal(second));
        break;
      case "r":
        if (entry?.live) {
          entry.size = decimal(second);
          entry.live = second !== 0n;
          row(entry.slot, entry.size);
        } else fits = allocate(decimal(second), 0);
        break;
      case "f":
        if (id === -1 || id >= 0 && !ever.has(id)) row(-1);
        else if (entry) {
          ids.delete(id);
          freed.push(entry.slot);
          row(entry.slot);
        } else fits = false;
        break;
      case "w":
      case "g":
        fits = access(decimal(second), decimal(third));
        break;
      case "N":
      case "R":
        row(-1, decimal(first));
        break;
      case "o":
        row(-1, decimal(second), id);
        break;
      default:
        row(-1, id);
    }
    if (!fits) return i + 1;
  }
  return header % 2 === 0 && (inBody || header > 0) ? rows : lines.length + 1;
}
