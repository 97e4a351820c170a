package dev.sluice.auth;

import dev.sluice.auth.Verdict.Expired;
import dev.sluice.auth.Verdict.Unavailable;
import dev.sluice.auth.Verdict.Unknown;
import java.util.List;

/** Tells whose a bearer token is. */
@FunctionalInterface
public interface Tokens {

  Verdict check(String token);

  /** The first that knows it; an expired one is better known than not at all. */
  static Tokens anyOf(List<Tokens> all) {
    return token -> {
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
    };
  }
}
