/**
 * "Mem-Info" in the kernel's log: the state of all zones, printed when an
 * allocation failed, the OOM killer ran, or an operator asked for it.
 *
 * It stands among other lines, and mail programs and journals break its lines
 * anywhere, so it is read word by word.
 *
 * @module
 */
import type { Kind, Reader } from "../kind.ts";
import { expected, type Line, whole } from "../line.ts";
import { printable } from "../../traces/lines.ts";
import { PAGE_SIZES } from "../page_sizes.ts";
import { explainMemInfo } from "./mem_info_lines.ts";
import type { MemInfo, ReportedZone } from "./mem_info_types.ts";
import { REPORT_TABLE } from "./report_table.ts";
import { ZONES } from "./gfp.ts";

/** Zones of one report: 1,024 nodes and five zones. */
const MAX_ZONES = 2 ** 13;
const MAX_ORDERS = 64;
const MAX_RESERVES = 64;

/** The kind of text. */
export const MEM_INFO: Kind<MemInfo> = {
  name: "Mem-Info",
  about: "dmesg with the Mem-Info of a failed page allocation",
  inPages: true,
  inLog: true,
  begins: (line) => eventOf(line) !== undefined || isZone(line),
  reader: () => new MemInfoReader(),
  pageBytes: ({ zones }) => {
    const sound = zones.find(({ blocks, garbled }) =>
      blocks.length > 0 && !garbled
    );
    const kib = sound?.blocks[0]?.kib ?? 0;
    return PAGE_SIZES.find((bytes) => bytes === kib * 1024);
  },
  explain: explainMemInfo,
  table: REPORT_TABLE,
};

const EVENTS = [
  "page allocation failure",
  "invoked oom-killer",
  "vmalloc error",
  "vmalloc: allocation failure",
];

/** What a line reports; undefined if nothing. */
function eventOf({ text }: Line): string | undefined {
  return EVENTS.find((event) => text.includes(event));
}

/** Whether a line begins with the figures or the free blocks of a zone. */
function isZone({ words }: Line): boolean {
  const at = words[0] === "Node" ? 2 : 0;
  const name = words[at]?.replace(/:$/, "");
  const next = words[at + 1] ?? "";
  return isZoneName(name) && (/^free:\d+kB$/.test(next) || BLOCK.test(next));
}

function isZoneName(word: string | undefined): boolean {
  return (ZONES as readonly string[]).includes(word ?? "");
}

const BLOCK = /^(\d{1,12})\*(\d{1,9})kB$/;
const TYPES = /^\([A-Z]{1,10}\)$/;
const FIGURE = /^([a-z_]{1,30}(?:\([a-z]{1,10}\))?):(\d{1,15})(?:kB)?$/i;
const ORDER = /^order[:=](-?\d{1,3}),?$/;
const MODE = /^(?:mode:|gfp_mask=)(0x[0-9a-fA-F]{1,8}[^\s,]*),?$/;
const VERSION = /^(\d{1,2})\.(\d{1,3})(?:[.+-].*)?$/;

const CGROUP =
  /CONSTRAINT_MEMCG|Memory cgroup out of memory|killed as a result of limit of/;

/** What the next words belong to. */
type State = "figures" | "reserves" | "blocks" | "total" | "other";

/** Reads until the next event, or until a zone turns up again. */
class MemInfoReader implements Reader<MemInfo> {
  readonly #read: MemInfo = { zones: [], cgroup: false };
  readonly #zones = new Map<string, ReportedZone>();
  #state: State = "other";
  /** Node that the words tell of. */
  #node = 0;
  /** Zone that they tell of. */
  #zone: ReportedZone | undefined;
  #before = "";

  take(line: Line): boolean {
    const event = eventOf(line);
    if (event && (this.#read.request || this.#zones.size > 0)) return false;
    if (isZone(line) && this.#isRepeated(line)) return false;
    if (event) {
      const task = line.text.slice(0, line.text.indexOf(event)).trimEnd();
      this.#read.request = { event, task: printable(task.replace(/:$/, "")) };
    }
    if (CGROUP.test(line.text)) this.#read.cgroup = true;
    let known = event !== undefined;
    for (const word of line.words) known = this.#word(word, line) || known;
    return this.#version(line) || known;
  }

  end(): MemInfo {
    const zones = [...this.#zones.values()].filter((zone) =>
      "free" in zone.kib || zone.blocks.length > 0
    );
    return { ...this.#read, zones };
  }

  #isRepeated({ words }: Line): boolean {
    const at = words[0] === "Node" ? 2 : 0;
    const node = at > 0 ? whole(words[1]) : this.#node;
    const zone = this.#zones.get(`${node} ${words[at]!.replace(":", "")}`);
    return !!zone &&
      (words[at]!.endsWith(":") ? zone.blocks.length > 0 : "free" in zone.kib);
  }

  /** Takes a word; whether it means something here. */
  #word(word: string, line: Line): boolean {
    const before = this.#before;
    this.#before = word;
    if (before === "Node") this.#node = whole(word) ?? this.#node;
    const name = word.replace(/:$/, "");
    if (isZoneName(name)) {
      this.#state = word === name ? "figures" : "blocks";
      this.#zone = this.#zoneAt(name, line);
      return false; // for itself it means nothing
    }
    if (/^(?:lowmem_reserve|protections)\[\]:$/.test(word)) {
      this.#state = "reserves";
      return this.#zone !== undefined;
    }
    if (this.#request(word)) return true;
    const known = this.#zone ? this.#part(word, this.#zone) : false;
    if (!known && !/^(?:all_unreclaimable\?|yes|no)$/.test(word)) {
      this.#state = "other";
    }
    return known;
  }

  /** Takes a word that belongs to a zone. */
  #part(word: string, zone: ReportedZone): boolean {
    if (this.#state === "figures") {
      const [, name, value] = FIGURE.exec(word) ?? [];
      if (name === undefined) return false;
      if (!Object.hasOwn(zone.kib, name)) zone.kib[name] = Number(value);
      return true;
    }
    const number = whole(word);
    if (this.#state === "reserves" && number !== undefined) {
      if (zone.reserves.length < MAX_RESERVES) zone.reserves.push(number);
      return true;
    }
    return this.#state === "total"
      ? this.#total(word, zone)
      : this.#state === "blocks" && this.#block(word, zone);
  }

  #block(word: string, zone: ReportedZone): boolean {
    const { blocks } = zone;
    if (TYPES.test(word)) {
      if (blocks.length > 0) blocks.at(-1)!.types = word.slice(1, -1);
      return true;
    }
    if (word === "=") {
      this.#state = "total";
      return true;
    }
    const [, count, kib] = BLOCK.exec(word) ?? [];
    if (count === undefined) return false;
    const last = blocks.at(-1)?.kib;
    if (last !== undefined && Number(kib) !== 2 * last) zone.garbled = true;
    if (blocks.length < MAX_ORDERS) {
      blocks.push({ count: Number(count), kib: Number(kib), types: "" });
    }
    return true;
  }

  /** The sum of the free blocks, which ends their list. */
  #total(word: string, zone: ReportedZone): boolean {
    this.#state = "other";
    const said = /^(\d{1,15})kB$/.exec(word)?.[1];
    const sum = zone.blocks.reduce((n, { count, kib }) => n + count * kib, 0);
    if (said === undefined || Number(said) !== sum) zone.garbled = true;
    return said !== undefined;
  }

  #zoneAt(name: string, line: Line): ReportedZone {
    const key = `${this.#node} ${name}`;
    let zone = this.#zones.get(key);
    if (!zone) {
      if (this.#zones.size === MAX_ZONES) {
        throw expected(line, `at most ${MAX_ZONES} zones`);
      }
      zone = {
        node: this.#node,
        zone: name,
        kib: {},
        reserves: [],
        blocks: [],
        garbled: false,
      };
      this.#zones.set(key, zone);
    }
    return zone;
  }

  #request(word: string): boolean {
    const { request } = this.#read;
    if (!request) return false;
    const order = ORDER.exec(word)?.[1];
    const mode = MODE.exec(word)?.[1];
    if (Number(order) < MAX_ORDERS) request.order ??= Number(order);
    if (mode !== undefined) request.mode ??= printable(mode, 400);
    return order !== undefined || mode !== undefined;
  }

  #version({ words }: Line): boolean {
    const tainted = words.findIndex((word) => /^tainted:?$/i.test(word));
    if (tainted < 0 || this.#read.kernel) return false;
    const found = words.slice(tainted + 1).map((word) => VERSION.exec(word))
      .find(Boolean);
    if (found) this.#read.kernel = [Number(found[1]), Number(found[2])];
    return found !== undefined;
  }
}
