package dev.sluice.executor.platform;

import dev.sluice.executor.Place;
import dev.sluice.executor.Trouble;
import dev.sluice.executor.Trouble.Remedy;
import dev.sluice.executor.Trouble.Scope;
import dev.sluice.update.SourceRef;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a platform calls sources and users: by the mapping file, else by a template. Two
 * sources never get one name, and neither do two users: a REVOKE of one would take what the other
 * has.
 */
public final class Names {
  /** The kind of an object whose kind nobody names. */
  static final String TABLE = "TABLE";

  private final Templates templates;
  private final MappingFile file;
  private final CaseRule caseRule;

  /**
   * The templates; null for those that do not exist, so that the mapping file has every name.
   *
   * @param source of an object, with dots between its parts
   * @param role of the role of a source; null for no roles
   */
  public record Templates(
      @Nullable NameTemplate source, @Nullable NameTemplate user, @Nullable NameTemplate role) {}

  /** Thrown if there is no name. */
  public static final class NoNameException extends Exception {
    private static final long serialVersionUID = 1L;

    private NoNameException(String message) {
      super(message);
    }

    /** Returns the trouble of the command that needs the name. */
    public Trouble trouble() {
      return new Trouble(Scope.USER, Remedy.NONE, "NO_NAME", String.valueOf(getMessage()));
    }
  }

  /**
   * Reads the mapping file.
   *
   * @param file null for none
   * @param caseRule what the platform takes for the same
   * @throws IllegalArgumentException if the file cannot be used
   */
  public Names(Templates templates, @Nullable Path file, CaseRule caseRule) {
    this.templates = templates;
    this.file = new MappingFile(file, caseRule);
    this.caseRule = caseRule;
  }

  /** Reads the mapping file if it changed; returns whether names changed. */
  public boolean refresh() {
    return file.refresh();
  }

  /**
   * Returns the names of a user and a source.
   *
   * @throws NoNameException if one of them has none, with the remedy
   */
  public Place place(String userId, SourceRef source) throws NoNameException {
    var mapping = file.get();
    var named = mapping.sources().get(source);
    if (named == null) {
      var path = path(source, mapping);
      named = new NameMapping.Source(TABLE, path, null);
    }
    return new Place(
        named.kind(), named.path(), role(source, named, mapping), user(userId, mapping));
  }

  private List<String> path(SourceRef source, NameMapping mapping) throws NoNameException {
    var id = source.sourceId();
    var template = templates.source();
    if (template == null) {
      throw noMapping("source " + source);
    }
    requireCase(template, "source " + source, id);
    var path = List.of(template.name(id).split("\\.", -1));
    if (path.stream().anyMatch(String::isBlank)) {
      throw new NoNameException(
          "source %s has an empty part in its name %s: add it to the mapping file"
              .formatted(source, path));
    }
    if (caseRule.confusesObjects()) {
      requireLower("source " + source, String.join(".", path));
    }
    for (var other : mapping.sources().entrySet()) {
      if (NameMapping.comparable(other.getValue().path(), caseRule)
          .equals(NameMapping.comparable(path, caseRule))) {
        throw taken("source " + source, String.join(".", path), other.getKey());
      }
    }
    return path;
  }

  private @Nullable String role(SourceRef source, NameMapping.Source named, NameMapping mapping)
      throws NoNameException {
    var template = templates.role();
    if (template == null) {
      return null;
    }
    if (named.role() != null) {
      return named.role();
    }
    requireCase(template, "source " + source, source.sourceId());
    var role = template.name(source.sourceId());
    for (var other : mapping.sources().entrySet()) {
      if (role.equalsIgnoreCase(other.getValue().role())) {
        throw taken("source " + source, role, other.getKey());
      }
    }
    return role;
  }

  private String user(String userId, NameMapping mapping) throws NoNameException {
    var named = mapping.users().get(userId);
    if (named != null) {
      return named;
    }
    var template = templates.user();
    if (template == null) {
      throw noMapping("user \"" + userId + "\"");
    }
    requireCase(template, "user \"" + userId + "\"", userId);
    var name = template.name(userId);
    if (caseRule.confusesUsers()) {
      requireLower("user \"" + userId + "\"", name);
    }
    for (var other : mapping.users().entrySet()) {
      if (other.getValue().equalsIgnoreCase(name)) {
        throw taken("user \"" + userId + "\"", name, other.getKey());
      }
    }
    return name;
  }

  private static void requireCase(NameTemplate template, String what, String id)
      throws NoNameException {
    if (!template.allows(id)) {
      throw new NoNameException(
          "the case of %s is changed, so only one case is allowed: add it to the mapping file"
              .formatted(what));
    }
  }

  private static void requireLower(String what, String name) throws NoNameException {
    if (!name.equals(NameMapping.fold(name))) {
      throw new NoNameException(
          "%s is not in lower case, and the platform does not tell cases apart: add it to the mapping file"
              .formatted(what));
    }
  }

  private static NoNameException noMapping(String what) {
    return new NoNameException(
        "%s has no name on the platform: add a line to the mapping file".formatted(what));
  }

  private static NoNameException taken(String what, String name, Object by) {
    return new NoNameException(
        "%s would get the name %s, which the mapping file gives to %s: add a line with its own name"
            .formatted(what, name, by));
  }
}
