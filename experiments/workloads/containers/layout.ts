/**
 * How many bytes libstdc++'s nodes and elements have, on 64 and 32 bits.
 *
 * A node is its links, then the element, and for unordered containers of
 * strings their hash; structures are padded as the C++ ABI says. A string is
 * three words, the third widened to 16 bytes that hold up to 15 characters.
 *
 * @module
 */

/** Bytes of a pointer. */
export type Word = 4 | 8;

/** Containers there are. */
export const KINDS = [
  "map",
  "multimap",
  "set",
  "list",
  "deque",
  "vector",
  "unordered_map",
] as const;

/** A container. */
export type Kind = typeof KINDS[number];

/** Types that keys and values can have. */
export const TYPES = ["int", "long", "short_string", "long_string"] as const;

/** A key or value: numbers, or strings of up to 15 or of more characters. */
export type Type = typeof TYPES[number];

/** Characters that a string holds without a block of its own. */
export const INLINE_CHARACTERS = 15;

/** Bytes of a structure's member and what its address is a multiple of. */
interface Member {
  bytes: number;
  align: number;
}

/** Bytes of a value of `type`. */
export function sizeOf(type: Type, word: Word): number {
  return memberOf(type, word).bytes;
}

/** Bytes of the block for one element; 0 where elements share blocks. */
export function nodeBytes(
  kind: Kind,
  key: Type,
  value: Type,
  word: Word,
): number {
  const links = (count: number): Member => ({
    bytes: count * word,
    align: word,
  });
  const pair = structure(memberOf(key, word), memberOf(value, word));
  switch (kind) {
    case "map":
    case "multimap":
      return structure(links(4), pair).bytes; // the colour takes a word
    case "set":
      return structure(links(4), memberOf(key, word)).bytes;
    case "list":
      return structure(links(2), memberOf(value, word)).bytes;
    case "unordered_map":
      return structure(links(1), pair).bytes;
    case "deque":
    case "vector":
      return 0;
  }
}

function memberOf(type: Type, word: Word): Member {
  switch (type) {
    case "int":
      return { bytes: 4, align: 4 };
    case "long":
      return { bytes: word, align: word };
    default:
      return { bytes: 2 * word + INLINE_CHARACTERS + 1, align: word };
  }
}

/** The structure of `members` in this order, padded at its end too. */
function structure(...members: Member[]): Member {
  let bytes = 0;
  let align = 1;
  for (const member of members) {
    bytes = Math.ceil(bytes / member.align) * member.align + member.bytes;
    align = Math.max(align, member.align);
  }
  return { bytes: Math.ceil(bytes / align) * align, align };
}
