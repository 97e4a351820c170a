package dev.sluice.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

final class LookupCacheTest {
  private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5);
  private final AtomicInteger lookUps = new AtomicInteger();
  private final LookupCache<Integer, String> cache = new LookupCache<>(nanoTime::get);

  @Test
  void shouldForgetARefusalAfterItsLifetime() {
    assertRefused();
    nanoTime.addAndGet(LookupCache.REFUSAL_LIFETIME.toNanos() - 1);
    assertRefused();
    assertThat(lookUps).hasValue(1);

    nanoTime.incrementAndGet();
    assertThat(cache.get(1, counted(() -> "found"))).isEqualTo("found");
    assertThat(lookUps).hasValue(2);
  }

  @Test
  void shouldNotRememberAnOutage() {
    assertThatExceptionOfType(RegistryUnavailableException.class)
        .isThrownBy(
            () ->
                cache.get(
                    1,
                    () -> {
                      throw new RegistryUnavailableException("down", null);
                    }));

    assertThat(cache.get(1, () -> "found")).isEqualTo("found");
  }

  @Test
  void shouldKeepTheMostRecentlyUsedValuesOnly() {
    for (int key = 0; key <= LookupCache.ENTRIES_MAX; key++) {
      cache.get(key, counted(() -> "found"));
      cache.get(0, counted(() -> "found"));
    }
    assertThat(lookUps).hasValue(LookupCache.ENTRIES_MAX + 1);

    cache.get(1, counted(() -> "found"));
    assertThat(lookUps).hasValue(LookupCache.ENTRIES_MAX + 2);
  }

  private void assertRefused() {
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(
            () ->
                cache.get(
                    1,
                    counted(
                        () -> {
                          throw new SerializationException("no");
                        })));
  }

  private Supplier<String> counted(Supplier<String> lookUp) {
    return () -> {
      lookUps.incrementAndGet();
      return lookUp.get();
    };
  }
}
