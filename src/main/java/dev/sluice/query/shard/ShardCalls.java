package dev.sluice.query.shard;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.sluice.product.RequestCounts;
import dev.sluice.product.RequestState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.streams.errors.InvalidStateStoreException;

/**
 * Calls of a part's methods as JSON: an array of arguments, and the result. Only methods of the
 * part's interface can be called, and only with arguments of their types.
 */
public final class ShardCalls {
  /** Ignores unknown fields, which a worker of another version may send. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addModule(
              new SimpleModule()
                  .addSerializer(RequestCounts.class, new CountsOut())
                  .addDeserializer(RequestCounts.class, new CountsIn()))
          .build();

  private static final Object[] NONE = {};

  /** Maximum attempts when a store changes during a read. */
  private static final int TRIES_MAX = 5;

  private ShardCalls() {}

  /** Carries a call to the worker that holds the part. */
  @FunctionalInterface
  public interface Carrier {
    byte[] carry(String method, byte[] arguments);
  }

  /** Creates a proxy for a remote part. */
  public static <T> T elsewhere(Class<T> type, Carrier carrier) {
    return proxy(
        type,
        (proxy, method, arguments) -> {
          try {
            var answer =
                carrier.carry(
                    method.getName(),
                    MAPPER.writeValueAsBytes(arguments == null ? NONE : arguments));
            return MAPPER.readValue(answer, MAPPER.constructType(method.getGenericReturnType()));
          } catch (IOException e) {
            throw new UncheckedIOException("another worker sent an invalid answer", e);
          }
        });
  }

  /**
   * Answers a call locally.
   *
   * @throws NoSuchElementException if the part has no such method
   * @throws IllegalArgumentException if the arguments do not match the method
   */
  public static <T> byte[] answer(Class<T> type, T part, String name, byte[] arguments) {
    var method = method(type, name);
    var types = method.getGenericParameterTypes();
    var given = new Object[types.length];
    // Parsed as a stream: a tree would take many times the memory.
    try (var parser = MAPPER.createParser(arguments)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new IllegalArgumentException(name + " takes " + types.length + " arguments");
      }
      for (int i = 0; i < types.length; i++) {
        if (parser.nextToken() == JsonToken.END_ARRAY) {
          throw new IllegalArgumentException(name + " takes " + types.length + " arguments");
        }
        given[i] = MAPPER.readerFor(MAPPER.constructType(types[i])).readValue(parser);
        if (given[i] == null || given[i] instanceof Collection<?> some && hasNull(some)) {
          throw new IllegalArgumentException("argument " + i + " of " + name + " is missing");
        }
      }
      if (parser.nextToken() != JsonToken.END_ARRAY || parser.nextToken() != null) {
        throw new IllegalArgumentException(name + " takes " + types.length + " arguments");
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("not the arguments of " + name, e);
    }
    try {
      return MAPPER.writeValueAsBytes(invoke(method, part, given));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot answer " + name, e);
    }
  }

  private static boolean hasNull(Collection<?> some) {
    return some.stream().anyMatch(Objects::isNull);
  }

  /**
   * Wraps a local part. A store that is closed during a read means an unavailable part; a read that
   * conflicts with the task's thread is repeated.
   */
  public static <T> T guarded(Class<T> type, T part, ShardKind shardKind, int partition) {
    return proxy(
        type,
        (proxy, method, arguments) -> {
          for (int tries = 1; ; tries++) {
            try {
              return invoke(method, part, arguments);
            } catch (InvalidStateStoreException e) {
              throw new ShardUnavailableException(
                  shardKind, partition, "it moved to another worker during the query");
            } catch (IllegalStateException e) {
              if (tries == TRIES_MAX) {
                throw e;
              }
            }
          }
        });
  }

  /** Returns a part that falls back to another if the first is unavailable. */
  static <T> T either(Class<T> type, T first, Supplier<T> second) {
    return proxy(
        type,
        (proxy, method, arguments) -> {
          try {
            return invoke(method, first, arguments);
          } catch (ShardUnavailableException e) {
            return invoke(method, second.get(), arguments);
          }
        });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Object invoke(Method method, Object part, Object[] arguments) {
    try {
      return method.invoke(part, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("cannot query a part", e);
    }
  }

  private static Method method(Class<?> type, String name) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> method.getName().equals(name) && !method.isSynthetic())
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("no part answers " + name));
  }

  private static final class CountsOut extends JsonSerializer<RequestCounts> {
    @Override
    public void serialize(RequestCounts counts, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeStartObject();
      for (var state : RequestState.values()) {
        out.writeNumberField(state.name(), counts.in(state));
      }
      out.writeEndObject();
    }
  }

  private static final class CountsIn extends JsonDeserializer<RequestCounts> {
    @Override
    public RequestCounts deserialize(JsonParser in, DeserializationContext context)
        throws IOException {
      Map<RequestState, Long> counts =
          in.readValueAs(new TypeReference<EnumMap<RequestState, Long>>() {});
      return RequestCounts.of(counts);
    }
  }
}
