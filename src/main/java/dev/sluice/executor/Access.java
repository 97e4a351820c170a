package dev.sluice.executor;

import org.jspecify.annotations.Nullable;

/**
 * The platform's answer about one user's access to one source.
 *
 * @param granted whether there is a grant that Sluice's own REVOKE would take
 * @param effective whether the user can read the source, in whatever way
 * @param how how the user can read it without such a grant, or why the user cannot read it with
 *     one; null if there is nothing to say
 */
public record Access(boolean granted, boolean effective, @Nullable String how) {
  /** No access at all. */
  public static final Access NONE = new Access(false, false, null);

  /** A grant that takes effect. */
  public static final Access GRANTED = new Access(true, true, null);
}
