package dev.sluice.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.registry.RegistryHttp.Call;
import dev.sluice.registry.RegistryHttp.Method;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * Client of a registry with Confluent's REST API. Caches ids and schemas, and refusals for 10
 * seconds; an unknown id is not cached, since it may be unknown only for a moment.
 *
 * <p>A call makes up to three passes over the configured URLs before it throws {@link
 * RegistryUnavailableException}. Each request takes at most {@link
 * RegistryConfig#REQUEST_TIMEOUT_MS} milliseconds. Schemas that refer to other schemas of the
 * registry are not supported: reading one throws a {@link SerializationException}.
 */
public final class HttpSchemaRegistry implements SchemaRegistry {
  /** JSON field of the level in a request. */
  private static final String LEVEL = "compatibility";

  private static final String LEVEL_SET = "compatibilityLevel";

  private record SubjectSchema(String subject, Schema schema) {}

  private final LookupCache<SubjectSchema, Integer> registered =
      new LookupCache<>(System::nanoTime);
  private final LookupCache<SubjectSchema, Integer> found = new LookupCache<>(System::nanoTime);
  private final LookupCache<Integer, Schema> schemas =
      new LookupCache<>(
          System::nanoTime,
          AvroSchemas::weight,
          refusal -> !(refusal instanceof SchemaNotFoundException));
  private final RegistryHttp http;

  /**
   * Creates a client of the configured URLs; makes no request yet.
   *
   * @throws ConfigException if a URL, or the configuration of credentials or TLS is not usable
   */
  public HttpSchemaRegistry(RegistryConfig config) {
    String authorization = config.authorization();
    this.http =
        new RegistryHttp(
            config.urls().stream().map(url -> RegistryEndpoint.parse(url, authorization)).toList(),
            config.requestTimeout(),
            config.tls());
  }

  @Override
  public int register(String subject, Schema schema) {
    return registered.get(
        new SubjectSchema(subject, schema),
        () -> postForId("register", subject, path(subject) + "/versions", schema));
  }

  @Override
  public int idOf(String subject, Schema schema) {
    return found.get(
        new SubjectSchema(subject, schema),
        () -> postForId("give the id of", subject, path(subject), schema));
  }

  @Override
  public Schema byId(int id) {
    return schemas.get(id, () -> askById(id));
  }

  @Override
  public RegisteredSchema latest(String subject) {
    JsonNode answer =
        http.send(
            Call.get(
                "give the latest schema of subject " + subject,
                path(subject) + "/versions/latest",
                it -> hasId(it) && hasSchema(it) && it.path("version").isInt()));
    return new RegisteredSchema(
        answer.path("id").intValue(),
        answer.path("version").intValue(),
        schema("The latest schema of subject " + subject, answer));
  }

  @Override
  public boolean setCompatibility(String subject, String level) {
    String path = "/config/" + encoded(subject);
    if (level.equals(compatibility(subject, path))) {
      return false;
    }
    http.send(
        new Call(
            "set the compatibility of subject %s to %s".formatted(subject, level),
            Method.PUT,
            path,
            JsonNodeFactory.instance.objectNode().put(LEVEL, level).toString(),
            it -> it.path(LEVEL).isTextual()));
    return true;
  }

  private @Nullable String compatibility(String subject, String path) {
    try {
      return http.send(
              Call.get(
                  "give the compatibility of subject " + subject,
                  path,
                  it -> it.path(LEVEL_SET).isTextual()))
          .path(LEVEL_SET)
          .textValue();
    } catch (SchemaNotFoundException e) {
      return null;
    }
  }

  @Override
  public boolean takes(String subject, Schema schema) {
    try {
      return http.send(
              new Call(
                  "compare a schema with subject " + subject,
                  Method.POST,
                  "/compatibility" + path(subject) + "/versions/latest",
                  body(schema),
                  it -> it.path("is_compatible").isBoolean()))
          .path("is_compatible")
          .booleanValue();
    } catch (SchemaNotFoundException e) {
      return true; // a new subject accepts every schema
    }
  }

  @Override
  public void close() {
    http.close();
  }

  private int postForId(String verb, String subject, String path, Schema schema) {
    String purpose = "%s schema %s under subject %s".formatted(verb, schema.getFullName(), subject);
    return http.send(new Call(purpose, Method.POST, path, body(schema), HttpSchemaRegistry::hasId))
        .path("id")
        .intValue();
  }

  private static String body(Schema schema) {
    return JsonNodeFactory.instance.objectNode().put("schema", schema.toString()).toString();
  }

  private Schema askById(int id) {
    JsonNode answer =
        http.send(
            Call.get(
                "give the schema with id " + id,
                "/schemas/ids/" + id,
                HttpSchemaRegistry::hasSchema));
    return schema("The schema with id " + id, answer);
  }

  private static String path(String subject) {
    return "/subjects/" + encoded(subject);
  }

  private static String encoded(String subject) {
    return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static boolean hasId(JsonNode answer) {
    return answer.path("id").isInt();
  }

  private static boolean hasSchema(JsonNode answer) {
    return answer.path("schema").isTextual();
  }

  private static Schema schema(String what, JsonNode answer) {
    String type = answer.path("schemaType").asText("AVRO");
    if (!type.equals("AVRO")) {
      throw new SerializationException(what + " is " + type + ", not Avro");
    }
    if (!answer.path("references").isEmpty()) {
      throw new SerializationException(
          what + " refers to other schemas of the registry, which is not supported");
    }
    try {
      return AvroSchemas.parseLeniently(answer.path("schema").textValue());
    } catch (RuntimeException e) {
      // Avro's parser also throws exceptions of other classes.
      throw new SerializationException(what + " is not one that Avro can parse", e);
    }
  }
}
