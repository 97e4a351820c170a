package dev.sluice.executor;

import org.jspecify.annotations.Nullable;

/**
 * Why a platform did not do what it was asked for.
 *
 * @param scope whom it concerns
 * @param remedy what helps
 * @param code the platform's code; null for none
 * @param message the platform's words
 */
public record Trouble(Scope scope, Remedy remedy, @Nullable String code, String message) {

  /** The code of a grant without effect. */
  static final String NOT_EFFECTIVE = "NOT_EFFECTIVE";

  /** Whom a trouble concerns. */
  public enum Scope {
    /** One user of a batch, or nobody knows: the batch is split until that user stands alone. */
    USER,
    /** Every user of the source alike: splitting would not help. */
    SOURCE,
    /** The platform as a whole, such as a lost connection: nothing is tried for a while. */
    PLATFORM
  }

  /** The remedy against a trouble. */
  public enum Remedy {
    /** It passes by itself. */
    TIME,
    /** The user may not be there yet; after a while a person has to act. */
    TIME_THEN_PERSON,
    /** A person has to mend something. */
    PERSON,
    /** Nothing: the command can never succeed. */
    NONE
  }

  /** Returns the trouble of a user who has access that Sluice did not give. */
  static Trouble notGrantedBySluice() {
    return new Trouble(
        Scope.USER,
        Remedy.PERSON,
        "NOT_GRANTED_BY_SLUICE",
        "the user has a grant that was there before Sluice's; Sluice does not take it");
  }

  /** Returns the trouble of a user who can still read after a REVOKE. */
  static Trouble stillAccess(@Nullable String how) {
    return new Trouble(
        Scope.USER,
        Remedy.PERSON,
        "STILL_ACCESS",
        "the user can still read the source" + (how == null ? "" : ": " + how));
  }

  /** Returns the trouble of a user who cannot read in spite of a GRANT. */
  static Trouble notEffective(@Nullable String how) {
    return new Trouble(
        Scope.USER,
        Remedy.PERSON,
        NOT_EFFECTIVE,
        "the user cannot read the source in spite of the grant" + (how == null ? "" : ": " + how));
  }
}
