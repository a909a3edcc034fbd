/** An allocator that cannot take part in an experiment. */
export class Unsuitable extends RangeError {
  /** The class name, for reports. */
  override name = "Unsuitable";
}
