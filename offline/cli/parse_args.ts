/**
 * Stand-in for `jsr:@std/cli/parse-args`, over npm's minimist, of which the
 * genuine module is a port.
 *
 * Simplified: `--flag -` takes the dash as its value, `--no-flag` is accepted
 * for any boolean, `unknown` is not told the value of a flag, and aliases and
 * names with dots have no types.
 *
 * @module
 */
import minimist from "minimist";

/** Options of {@linkcode parseArgs}. */
export interface ParseOptions<
  Bool extends string = string,
  Text extends string = string,
  Many extends string = string,
  Negatable extends string = string,
  Default extends object = object,
  Dashes extends boolean = boolean,
> {
  /** Flags without a value: false unless given. */
  boolean?: Bool | readonly Bool[];
  /** Flags whose value stays a string. */
  string?: Text | readonly Text[];
  /** Flags that may be given more than once; of others the last one counts. */
  collect?: Many | readonly Many[];
  /** Flags that `--no-<flag>` sets to false. */
  negatable?: Negatable | readonly Negatable[];
  /** Values of flags that are not given. */
  default?: Default;
  /** Further names of flags. */
  alias?: Record<string, string | readonly string[]>;
  /** Whether what follows the first argument that is no flag stays as it is. */
  stopEarly?: boolean;
  /** Whether what follows `--` goes to `"--"` instead of `_`. */
  "--"?: Dashes;
  /**
   * Hears of arguments that are no flag, and of unknown flags with their name;
   * returns false to leave them out.
   */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** What {@linkcode parseArgs} returns; `_` holds what is no flag. */
export type Args<
  Bool extends string = never,
  Text extends string = never,
  Many extends string = never,
  Negatable extends string = never,
  Default extends object = object,
  Dashes extends boolean = false,
> =
  & Record<string, unknown>
  & { [Name in Bool]: boolean }
  & { [Name in Text & Many]: string[] }
  & {
    [Name in Exclude<Text, Many>]: Name extends keyof Default
      ? string | Default[Name]
      : string | (Name extends Negatable ? false | undefined : undefined);
  }
  & { _: (string | number)[] }
  & (Dashes extends true ? { "--": string[] } : unknown);

/** Takes the flags out of a command line. */
export function parseArgs<
  Bool extends string = never,
  Text extends string = never,
  Many extends string = never,
  Negatable extends string = never,
  Default extends object = Record<never, never>,
  Dashes extends boolean = false,
>(
  args: string[],
  options: ParseOptions<Bool, Text, Many, Negatable, Default, Dashes> = {},
): Args<Bool, Text, Many, Negatable, Default, Dashes> {
  const { unknown } = options;
  const many = names(options.collect);
  const parsed: Record<string, unknown> = minimist(args, {
    ...options,
    unknown: (arg: string) => unknown?.(arg, flag(arg)),
  });
  for (const [name, value] of Object.entries(parsed)) {
    if (name === "_" || name === "--") continue;
    if (many.includes(name)) parsed[name] = [value].flat();
    else if (Array.isArray(value)) parsed[name] = value.at(-1);
  }
  for (const name of names(options.string)) {
    if (many.includes(name)) parsed[name] ??= [];
    if (parsed[name] === false && !names(options.negatable).includes(name)) {
      delete parsed[name];
      unknown?.(`--no-${name}`, `no-${name}`, true);
    }
  }
  return parsed as Args<Bool, Text, Many, Negatable, Default, Dashes>;
}

/** One name or several, as a list. */
function names(some: string | readonly string[] = []): string[] {
  return [some].flat();
}

/** The name of the flag that an argument is, if it is one. */
function flag(arg: string): string | undefined {
  if (arg.startsWith("--")) return arg.slice(2).split("=", 1)[0];
  return arg.startsWith("-") ? arg[1] : undefined;
}
