/**
 * The allocators of this machine: where their libraries lie, and the command
 * that runs a program with one of them.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";
import { Failure, UsageError } from "../runner/failure.ts";

/** An allocator that was asked for. */
export interface Wanted {
  /** How it is called in tables. */
  name: string;
  /** Absolute path of its library; undefined: that of this machine. */
  path: string | undefined;
}

/** A way to run a program with an allocator. */
export interface Subject {
  /** How it is called in tables. */
  name: string;
  /** What stands before the program and its arguments. */
  prefix: readonly string[];
  /** The file that must hold malloc; undefined: the C library, whichever. */
  object: string | undefined;
  /** The musl to link the program with. */
  musl?: Musl;
}

/** A musl, and how a program gets it. */
export interface Musl {
  /** Its specs file. */
  specs: string;
  /** Whether the program loads it, or holds it. */
  isDynamic: boolean;
}

/** File names of the libraries, the newest first; Debian's package, by release. */
const LIBRARIES: Readonly<
  Record<string, { files: readonly string[]; packages: readonly string[] }>
> = {
  jemalloc: {
    files: ["libjemalloc.so.2"],
    packages: ["libjemalloc2", "libjemalloc2"],
  },
  mimalloc: {
    files: ["libmimalloc.so.3", "libmimalloc.so.2"],
    packages: ["libmimalloc2.0", "libmimalloc3"],
  },
  tcmalloc: {
    files: ["libtcmalloc_minimal.so.4", "libtcmalloc.so.4"],
    packages: ["libtcmalloc-minimal4", "libtcmalloc-minimal4t64"],
  },
};
/** Debian's release from which on the second package names count. */
const RENAMED = 13;
const MUSL_PACKAGE = "musl-tools";
/** What the name of a musl ends with that programs load. */
const DYNAMIC = "-dyn";
const FOLDERS = [
  `/usr/lib/${Deno.build.arch}-linux-gnu`,
  "/usr/lib64",
  "/usr/local/lib",
  "/usr/lib",
];
/** How musl-gcc tells a compiler to link with musl. */
const SPECS = "musl-gcc.specs";
const MUSL_FOLDERS = [
  `/usr/lib/${Deno.build.arch}-linux-musl`,
  "/usr/local/musl/lib",
];
const LOADER = `ld-linux-${Deno.build.arch.replace("_", "-")}.so.2`;
const NAME = /^[\w.+-]{1,40}$/;

/** Names that need no path. */
export const NAMES: readonly string[] = [
  "glibc",
  ...Object.keys(LIBRARIES),
  "musl",
  `musl${DYNAMIC}`,
];

/** What `--real` says: names of {@linkcode NAMES}, and NAME=PATH. */
export function readWanted(
  text: string,
  resolve: (path: string) => string,
): Wanted[] {
  const wanted = text.split(",").map((word): Wanted => {
    const [, name, path] = /^([^=]*)(?:=(.*))?$/.exec(word)!;
    if (!NAME.test(name!) || path === "") {
      throw new UsageError(`--real expects NAME or NAME=PATH, not "${word}"`);
    }
    if (path === undefined && !NAMES.includes(name!)) {
      throw new UsageError(
        `--real knows ${NAMES.join(", ")}; others as NAME=PATH, not "${word}"`,
      );
    }
    return { name: name!, path: path === undefined ? path : resolve(path) };
  });
  const twice = wanted.find(({ name }, i) =>
    wanted.findIndex((other) => other.name === name) < i
  );
  if (twice) throw new UsageError(`--real names ${twice.name} twice`);
  return wanted;
}

/** Finds an allocator; `Failure` if it is not there. `data`: the data folder. */
export function find({ name, path }: Wanted, data: string): Subject {
  if (path !== undefined) return given(name, path);
  if (name === "glibc") return { name, prefix: [], object: undefined };
  if (isMusl(name)) {
    const specs = [join(data, "musl"), ...MUSL_FOLDERS]
      .map((folder) => join(folder, SPECS)).find(isThere);
    if (specs !== undefined) return linked(name, specs);
  } else {
    const library = LIBRARIES[name]!.files.flatMap((file) =>
      FOLDERS.map((folder) => join(folder, file))
    ).find(isThere);
    if (library !== undefined) return preloaded(name, library);
  }
  throw new Failure(
    `No ${name} on this machine: ${
      installCommand([name])
    }, or --real ${name}=/path/${isMusl(name) ? SPECS : "lib.so"}`,
  );
}

/** The command that installs the allocators `names` on this Debian. */
export function installCommand(names: readonly string[]): string {
  const release = Number(/^VERSION_ID="?(\d+)/m.exec(osRelease())?.[1] ?? 0);
  const packages = names.flatMap((name) =>
    isMusl(name)
      ? MUSL_PACKAGE
      : LIBRARIES[name]?.packages[release >= RENAMED ? 1 : 0] ?? []
  );
  return `apt-get install ${[...new Set(packages)].join(" ")}`;
}

function osRelease(): string {
  try {
    return Deno.readTextFileSync("/etc/os-release");
  } catch {
    return "";
  }
}

/** The allocator in the file at `path`. */
function given(name: string, path: string): Subject {
  if (!isThere(path)) {
    throw new Failure(`Cannot read ${path}: there is no such file`);
  }
  if (path.endsWith(".specs")) return linked(name, path);
  if (!isMusl(name)) return preloaded(name, path);
  const specs = join(dirname(path), SPECS);
  if (isThere(specs)) return linked(name, specs);
  throw new Failure(`${path} is no musl: ${SPECS} does not lie beside it`);
}

function isMusl(name: string): boolean {
  return name === "musl" || name === `musl${DYNAMIC}`;
}

/** The musl whose specs file is `specs`. */
function linked(name: string, specs: string): Subject {
  const musl = { specs, isDynamic: name.endsWith(DYNAMIC) };
  return { name, prefix: [], object: undefined, musl };
}

/**
 * A library before all others. One that lies beside a loader of its own needs
 * the C library there; a C library is not put before itself.
 */
function preloaded(name: string, library: string): Subject {
  if (/[\s:]/.test(library)) {
    throw new Failure(
      `Cannot load ${library}: the loader takes no path with blanks or colons`,
    );
  }
  const object = Deno.realPathSync(library);
  if (/^(libc\.so$|ld-musl)/.test(basename(object))) {
    throw new Failure(
      `${library} is no library to load first: name musl's ${SPECS} instead`,
    );
  }
  const isC = /^libc[.-].*so/.test(basename(object));
  const folder = dirname(library);
  const loader = join(folder, LOADER);
  if (!isThere(loader)) {
    return { name, prefix: ["env", `LD_PRELOAD=${library}`], object };
  }
  const preload = isC ? [] : ["--preload", library];
  return {
    name,
    prefix: [loader, "--library-path", folder, ...preload],
    object,
  };
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
