/**
 * The version of the project, as `deno.json` has it.
 *
 * @module
 */
import project from "../../deno.json" with { type: "json" };

/** Version of this project. */
export const VERSION: string = project.version;
