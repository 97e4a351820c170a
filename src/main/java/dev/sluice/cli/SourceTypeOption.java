package dev.sluice.cli;

import picocli.CommandLine.Option;

/** Of which type the source is that a question is about. */
final class SourceTypeOption {

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = {
        "The source's type, exactly as in the product. Without it, the answer covers all types"
            + " of the id."
      })
  private String type = "";

  /** A path, with the type as a parameter where there is one. */
  String addedTo(String path) {
    return type.isEmpty()
        ? path
        : path + (path.contains("?") ? '&' : '?') + "sourceType=" + ApiOptions.encoded(type);
  }
}
