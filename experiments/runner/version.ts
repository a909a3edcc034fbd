/**
 * What `deno.json` says of the project.
 *
 * @module
 */
import project from "../../deno.json" with { type: "json" };

/** Version of this project. */
export const VERSION: string = project.version;

/** The command of the task of sweeps, with its permissions. */
export const SWEEP_TASK: string = project.tasks.sweep.command;

/** The command of the task that runs the lab, with its permissions. */
export const RUN_TASK: string = project.tasks.run.command;
