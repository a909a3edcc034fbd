/**
 * /proc/zoneinfo: watermarks, sizes and per-CPU lists of each zone.
 *
 * @module
 */
import type { Kind, Reader } from "../kind.ts";
import { expected, type Line, whole } from "../line.ts";
import { zoneRow } from "../pages/zone_row.ts";
import { explainZoneinfo, figure } from "./zoneinfo_lines.ts";

const MAX_ZONES = 2 ** 13;
/** Figures of one zone: large machines have 100. */
const MAX_FIGURES = 1000;
const MAX_RESERVES = 64;

/** A zone. */
export interface ZoneInfo {
  node: number;
  zone: string;
  /** Figures in pages, by name: pages free, min, nr_free_cma, ... */
  pages: Record<string, number>;
  /** Figures of the whole node, which stand with its first zone. */
  perNode: Record<string, number>;
  /** Pages kept for requests that could use a higher zone, zone by zone. */
  protection: number[];
  /** CPUs with a list of free pages. */
  cpus: number;
  /** Pages on these lists. */
  onCpuLists: number;
  /** What the first CPU's lists are like, in pages: batch, high, high_min, ... */
  list: Record<string, number>;
}

/** Figures that the table has, in pages. */
const FIGURES = ["free", "min", "low", "high", "managed"];

/** The kind of text. */
export const ZONEINFO: Kind<ZoneInfo[]> = {
  name: "zoneinfo",
  about: "/proc/zoneinfo: watermarks of each zone",
  inPages: true,
  begins: (line) => headOf(line) !== undefined,
  reader: () => new ZoneinfoReader(),
  explain: explainZoneinfo,
  table: {
    columns: [
      "node",
      "zone",
      ...FIGURES.map((name) => `${name}_pages`),
      "cpu_list_pages",
    ],
    rows: (zones) =>
      zones.map((zone) => [
        zone.node,
        zone.zone,
        ...FIGURES.map((name) => figure(zone, name) ?? ""),
        zone.onCpuLists,
      ]),
  },
};

/** The zone that a line announces: one with nothing after its name. */
function headOf(line: Line) {
  const row = zoneRow(line);
  return row && row.type === undefined && row.rest.length === 0
    ? row
    : undefined;
}

/** A CPU's list of free pages; kernels up to 2.6.24 had two per CPU. */
const CPU = /^cpu: \d{1,9}(?: pcp: (\d{1,9}))?$/;

/** Figures of a CPU's lists. */
const LIST_FIGURES = ["batch", "high", "high_min", "high_max"];

/** A zone while it is read. */
interface OpenZone extends Omit<ZoneInfo, "pages" | "perNode"> {
  pages: Map<string, number>;
  perNode: Map<string, number>;
}

/** Reads until a zone turns up again. */
class ZoneinfoReader implements Reader<ZoneInfo[]> {
  readonly #zones = new Map<string, OpenZone>();
  #zone: OpenZone | undefined;
  #figures = new Map<string, number>();

  take(line: Line): boolean {
    const head = headOf(line);
    if (!head) return this.#zone !== undefined && this.#part(line, this.#zone);
    const { node, zone } = head;
    const key = `${node} ${zone}`;
    if (this.#zones.has(key)) return false;
    if (this.#zones.size === MAX_ZONES) {
      throw expected(line, `at most ${MAX_ZONES} zones`);
    }
    this.#zone = {
      node,
      zone,
      pages: new Map(),
      perNode: new Map(),
      protection: [],
      cpus: 0,
      onCpuLists: 0,
      list: {},
    };
    this.#figures = this.#zone.pages;
    this.#zones.set(key, this.#zone);
    return true;
  }

  end(): ZoneInfo[] {
    return [...this.#zones.values()].map((zone) => ({
      ...zone,
      pages: Object.fromEntries(zone.pages),
      perNode: Object.fromEntries(zone.perNode),
    }));
  }

  /** Takes a line of `zone`. */
  #part({ text, words }: Line, zone: OpenZone): boolean {
    if (text === "per-node stats") this.#figures = zone.perNode;
    if (text.startsWith("pages free")) this.#figures = zone.pages;
    if (text === "per-node stats" || text === "pagesets") return true;
    if (text.startsWith("protection:")) {
      zone.protection = text.slice("protection:".length).split(/[\s(),]+/)
        .map(whole).filter((n) => n !== undefined).slice(0, MAX_RESERVES);
      return true;
    }
    const cpu = CPU.exec(text);
    if (cpu) {
      if (!Number(cpu[1] ?? 0)) zone.cpus++;
      return true;
    }
    if (words[0] === "scanned") return true; // 2.6: `scanned 0 (a: 10 i: 10)`
    const value = whole(words.at(-1));
    if (words.length < 2 || words.length > 4 || value === undefined) {
      return false;
    }
    const name = words.slice(0, -1).join(" ").replace(/:$/, "");
    if (!/^[a-z][a-z0-9_ -]{0,40}$/.test(name)) return false;
    if (name === "count" && zone.cpus > 0) zone.onCpuLists += value;
    else if (zone.cpus > 0 && LIST_FIGURES.includes(name)) {
      zone.list[name] ??= value;
    } else if (this.#figures.size < MAX_FIGURES && !this.#figures.has(name)) {
      this.#figures.set(name, value);
    }
    return true;
  }
}
