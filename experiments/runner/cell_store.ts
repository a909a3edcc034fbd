/**
 * The kept cells of a folder: `.cells/<experiment>/`, files of finished cells.
 *
 * While an experiment runs, its cells are appended to a file of this run, in
 * the order in which they are finished. When it is finished, the cells that it
 * consists of go in order into `all.cells`, whose bytes are the same with any
 * number of workers, and the other files go.
 *
 * @module
 */
import { CellFile, type Place, type Stored } from "./cell_file.ts";
import type { Folder } from "./folder.ts";
import type { Kept } from "./kept.ts";
import { NewCell } from "./new_cell.ts";

/** The cells of a finished experiment. */
const ALL = "all.cells";
const LOG = /^(\d+)\.cells$/;

/** The kept cells of experiments. */
export class CellStore implements Disposable {
  readonly #folder: Folder;
  /** Open files, by name below `.cells/`. */
  readonly #files = new Map<string, CellFile>();
  /** The files of this run, by experiment. */
  readonly #logs = new Map<string, CellFile>();

  /** Those of `folder`. */
  constructor(folder: Folder) {
    this.#folder = folder;
  }

  /** The kept cells of an experiment; their rows may be damaged. */
  *cells(experiment: string): Generator<Place> {
    for (const name of this.#folder.list(experiment)) {
      const file = this.#open(`${experiment}/${name}`);
      for (const cell of file?.cells() ?? []) yield { file: file!, cell };
    }
  }

  #open(name: string): CellFile | undefined {
    const known = this.#files.get(name);
    if (known) return known;
    const file = this.#folder.openKept(name);
    if (!file) return undefined;
    const opened = new CellFile(file);
    this.#files.set(name, opened);
    return opened;
  }

  /** Takes the rows of a cell that is running. */
  begin(): NewCell {
    return new NewCell(() => this.#folder.scratch());
  }

  /** Keeps a finished cell; a power cut may lose it. */
  keep(id: string, kept: Kept, rows: NewCell): Place {
    const file = this.#log(kept.experiment);
    const cell: Stored = file.append(id, kept, rows);
    this.#folder.use();
    return { file, cell };
  }

  /** The file of this run that takes the cells of an experiment. */
  #log(experiment: string): CellFile {
    const known = this.#logs.get(experiment);
    if (known) return known;
    const numbers = this.#folder.list(experiment)
      .map((name) => Number(LOG.exec(name)?.[1] ?? 0));
    const name = `${experiment}/${1 + Math.max(0, ...numbers)}.cells`;
    const file = new CellFile(this.#folder.createKept(name));
    this.#logs.set(experiment, file);
    this.#files.set(name, file);
    return file;
  }

  /** From now on an experiment has these cells and no others. */
  settle(experiment: string, cells: Iterable<Place>): void {
    const draft = this.#folder.draft(`${experiment}/${ALL}`);
    draft.write((write) => {
      for (const { file, cell } of cells) file.copy(cell, write);
    });
    draft.place(false);
    for (const name of this.#folder.list(experiment)) {
      if (name !== ALL) this.#folder.forget(`${experiment}/${name}`);
    }
  }

  /** Closes all files. */
  [Symbol.dispose](): void {
    for (const file of this.#files.values()) file[Symbol.dispose]();
  }
}
