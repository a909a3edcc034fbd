/**
 * What all containers have in common.
 *
 * @module
 */

/** A container, as far as its requests for memory go. */
export interface Container {
  /** Number of elements. */
  readonly size: number;
  /**
   * Inserts an element with `key`, an integer of 31 bits; sequences append it.
   * Where keys are unique and `key` is there already, nothing is requested.
   */
  insert(key: number): void;
  /**
   * Erases the elements with `key`, if any. A list or deque loses its first
   * element, a vector its last, whatever `key` is.
   */
  erase(key: number): void;
  /** Erases all elements. */
  clear(): void;
  /** The end of its life: frees all it holds. */
  destroy(): void;
}
