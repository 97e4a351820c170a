package dev.sluice.contract;

import java.util.Set;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Registers the project's generated records, and only those, as trusted classes. Avro instantiates
 * only trusted classes, since a schema may name any class.
 */
public final class TrustedRecords {
  private static final Set<String> PACKAGES = Set.of("dev.sluice.avro", "dev.sluice.avro.internal");

  static {
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.getGlobal(), type -> PACKAGES.contains(type.getPackageName())));
  }

  private TrustedRecords() {}

  /** Registers the classes, once for the process. */
  public static void trust() {
    // The class's initializer does the work.
  }
}
