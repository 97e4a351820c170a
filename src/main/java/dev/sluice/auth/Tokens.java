package dev.sluice.auth;

import dev.sluice.auth.Verdict.Expired;
import dev.sluice.auth.Verdict.Unavailable;
import dev.sluice.auth.Verdict.Unknown;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells whose a bearer token is. */
@FunctionalInterface
public interface Tokens {

  Verdict check(String token);

  /**
   * What keeps it from knowing tokens now, or some; null where nothing does. It waits for nobody.
   */
  default @Nullable String trouble() {
    return null;
  }

  /** The first that knows it; an expired one is better known than not at all. */
  static Tokens anyOf(List<Tokens> all) {
    return new Tokens() {
      @Override
      public Verdict check(String token) {
        Verdict best = new Unknown();
        for (var tokens : all) {
          var verdict = tokens.check(token);
          if (verdict instanceof Verdict.Known) {
            return verdict;
          }
          if (verdict instanceof Expired
              || verdict instanceof Unavailable && best instanceof Unknown) {
            best = verdict;
          }
        }
        return best;
      }

      @Override
      public @Nullable String trouble() {
        return all.stream().map(Tokens::trouble).filter(Objects::nonNull).findFirst().orElse(null);
      }
    };
  }
}
