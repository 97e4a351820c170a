package dev.sluice.event.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.event.Elements;
import dev.sluice.event.codec.EventJson.InvalidJsonException;
import dev.sluice.limits.SizeLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Scans an event's text from end to end without a tree, which would take fifty times the memory of
 * the text. Stops at the first list element too many.
 *
 * @param envelope every field of the object; a field that is not a single value is only marked as
 *     present
 * @param half the first field with a lone surrogate; null for none
 * @param halfText the content of that field
 * @param elements number of elements of all lists together, answers included
 */
record EventScanner(ObjectNode envelope, @Nullable String half, String halfText, int elements) {

  /** Maximum depth; an event's own fields are less than ten deep. */
  private static final int DEPTH_MAX = 64;

  /** Most tokens of a list element: an approver with its three fields has eight. */
  private static final int ELEMENT_TOKENS = 10;

  /** Maximum number of tokens. An event with the most list elements has fewer. */
  static final long TOKENS_MAX = (long) ELEMENT_TOKENS * SizeLimits.ELEMENTS;

  /** The only field whose own fields are counted like the elements of a list. */
  private static final String ANSWERS = "answers";

  private static final int ANSWERS_DEPTH = 3;

  /** Limits the resources that any text can take. */
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxTokenCount(TOKENS_MAX)
                  .build())
          .build();

  /**
   * Scans a text.
   *
   * @throws InvalidJsonException if the text is not one JSON object
   */
  static EventScanner of(ObjectMapper mapper, String text) throws InvalidJsonException {
    try (var parser = mapper.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        parser.skipChildren();
        throw new InvalidJsonException(1, "not a JSON object");
      }
      var read = fields(mapper, parser);
      if (parser.nextToken() != null) {
        throw new InvalidJsonException(
            parser.currentTokenLocation().getColumnNr(),
            "not JSON: there is text behind the object");
      }
      return read;
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw new InvalidJsonException(
          at == null ? 1 : at.getColumnNr(),
          "not JSON: " + EventJson.message(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException("text in memory cannot be read", e);
    }
  }

  private static EventScanner fields(ObjectMapper mapper, JsonParser parser)
      throws IOException, InvalidJsonException {
    var single = mapper.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    var envelope = JsonNodeFactory.instance.objectNode();
    String half = null;
    var halfText = "";
    int elements = 0;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var name = parser.currentName();
      var field = name;
      parser.nextToken();
      int depth = 0;
      do {
        var token = parser.currentToken();
        if (isElement(parser, token) && ++elements > SizeLimits.ELEMENTS) {
          throw new InvalidJsonException(
              parser.currentTokenLocation().getColumnNr(), Elements.tooMany(), true);
        }
        if (token == JsonToken.FIELD_NAME) {
          field = parser.currentName();
        } else if (token == JsonToken.VALUE_STRING && half == null && isHalf(parser.getText())) {
          half = field;
          halfText = JsonNodeFactory.instance.textNode(parser.getText()).toString();
        }
        if (token.isStructStart()) {
          if (depth == 0) {
            envelope.set(
                name,
                token == JsonToken.START_ARRAY
                    ? JsonNodeFactory.instance.arrayNode()
                    : JsonNodeFactory.instance.objectNode());
          }
          depth++;
        } else if (token.isStructEnd()) {
          depth--;
        } else if (depth == 0) {
          envelope.set(name, single.<JsonNode>readTree(parser));
        }
      } while (depth > 0 && parser.nextToken() != null);
    }
    return new EventScanner(envelope, half, halfText, elements);
  }

  private static boolean isElement(JsonParser parser, JsonToken token) {
    if (token.isStructEnd()) {
      return false;
    }
    var context = parser.getParsingContext();
    if (token == JsonToken.FIELD_NAME) {
      return context.getNestingDepth() == ANSWERS_DEPTH
          && ANSWERS.equals(context.getParent().getCurrentName());
    }
    return (token.isStructStart() ? context.getParent() : context).inArray();
  }

  private static boolean isHalf(String text) {
    return !UTF_8.newEncoder().canEncode(text);
  }

  /**
   * Reads a field of the object.
   *
   * @throws JsonProcessingException if the field is not of that type
   */
  static <T> T read(ObjectMapper mapper, String text, String field, Class<T> type)
      throws JsonProcessingException {
    try (var parser = mapper.createParser(text)) {
      parser.nextToken();
      while (!field.equals(parser.nextFieldName())) {
        parser.nextToken();
        parser.skipChildren();
      }
      parser.nextToken();
      return mapper
          .readerFor(type)
          .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .readValue(parser);
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException("text in memory cannot be read", e);
    }
  }
}
