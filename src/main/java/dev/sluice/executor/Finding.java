package dev.sluice.executor;

import org.jspecify.annotations.Nullable;

/**
 * The finding of a look about one pair.
 *
 * @param place the names on the platform; null if there is a trouble
 * @param access what the platform says
 * @param isSluices whether every such grant is Sluice's, as in a role that is Sluice's own
 * @param trouble why there are no names; null if there are
 */
public record Finding(
    @Nullable Place place, Access access, boolean isSluices, @Nullable Trouble trouble) {

  /** Returns the finding of a pair with names. */
  public static Finding of(Place place, Access access) {
    return new Finding(place, access, false, null);
  }

  /** Returns the finding of a pair whose grants nobody but Sluice makes. */
  public static Finding ofSluices(Place place, Access access) {
    return new Finding(place, access, true, null);
  }

  /** Returns the finding of a pair without names. */
  public static Finding of(Trouble trouble) {
    return new Finding(null, Access.NONE, false, trouble);
  }
}
