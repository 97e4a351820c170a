package dev.sluice.contract;

import java.util.Set;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Avro makes objects only of classes that are trusted, since a schema may name any class. This adds
 * the project's generated records, and those alone.
 */
public final class TrustedRecords {
  private static final Set<String> PACKAGES = Set.of("dev.sluice.avro", "dev.sluice.avro.internal");

  static {
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.getGlobal(), type -> PACKAGES.contains(type.getPackageName())));
  }

  private TrustedRecords() {}

  /** Does it, once for the process. */
  public static void trust() {
    // The work is in the class's initializer.
  }
}
