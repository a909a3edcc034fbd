/**
 * A cell with more rows than are held in memory comes back as it was written.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Kept } from "../../experiments/runner/kept.ts";
import { CellFile } from "../../experiments/runner/cell_file.ts";
import { scratch } from "../../experiments/runner/folder.ts";
import { NewCell } from "../../experiments/runner/new_cell.ts";
import { MAY_RUN } from "./lab.ts";

const PIECE = 100_000;

Deno.test({
  name: "rows beyond what memory holds are kept in order",
  ignore: !MAY_RUN,
  fn() {
    for (const count of [3, 40]) { // 0.3 and 4 MB
      const written = Array.from(
        { length: count },
        (_, i) => new Uint8Array(PIECE).fill(i),
      );
      const rows = new NewCell(() => scratch("/tmp"));
      for (const piece of written) rows.write(piece);
      const kept = { tables: { "": { bytes: rows.bytes } } } as unknown as Kept;
      assert(rows.fits(kept));
      using file = new CellFile(scratch("/tmp"));
      const cell = file.append("id", kept, rows);
      rows.discard();
      let at = 0;
      const check = (_: string, piece: Uint8Array) => {
        for (const byte of piece) {
          if (byte !== Math.floor(at++ / PIECE)) throw new Error(`byte ${at}`);
        }
      };
      assert(file.rows(cell, check));
      assertEquals(at, count * PIECE);
    }
  },
});
