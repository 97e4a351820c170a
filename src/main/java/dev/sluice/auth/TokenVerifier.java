package dev.sluice.auth;

import dev.sluice.auth.TokenCheck.Expired;
import dev.sluice.auth.TokenCheck.Unavailable;
import dev.sluice.auth.TokenCheck.Unknown;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells whose a bearer token is. */
@FunctionalInterface
public interface TokenVerifier {

  TokenCheck check(String token);

  /**
   * What keeps it from knowing tokens now, or some; null where nothing does. It waits for nobody.
   */
  default @Nullable String trouble() {
    return null;
  }

  /** The first that knows it; an expired one is better known than not at all. */
  static TokenVerifier anyOf(List<TokenVerifier> all) {
    return new TokenVerifier() {
      @Override
      public TokenCheck check(String token) {
        TokenCheck best = new Unknown();
        for (var tokenVerifier : all) {
          var tokenCheck = tokenVerifier.check(token);
          if (tokenCheck instanceof TokenCheck.Known) {
            return tokenCheck;
          }
          if (tokenCheck instanceof Expired
              || tokenCheck instanceof Unavailable && best instanceof Unknown) {
            best = tokenCheck;
          }
        }
        return best;
      }

      @Override
      public @Nullable String trouble() {
        return all.stream()
            .map(TokenVerifier::trouble)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
      }
    };
  }
}
