package dev.sluice.auth;

import dev.sluice.auth.TokenCheck.Expired;
import dev.sluice.auth.TokenCheck.Unavailable;
import dev.sluice.auth.TokenCheck.Unknown;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Verifies bearer tokens. */
@FunctionalInterface
public interface TokenVerifier {

  TokenCheck check(String token);

  /** Returns why some or all tokens cannot be checked now; null if all can. Does not block. */
  default @Nullable String trouble() {
    return null;
  }

  /** Returns a verifier that returns the first match. Prefers 'expired' over 'unknown'. */
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
