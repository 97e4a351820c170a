package dev.sluice.cli;

import picocli.CommandLine.Option;

/** Option for the type of a source. */
final class SourceTypeOption {

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = {
        "The source's type, exactly as in the product. Without it, the answer covers all types"
            + " of the id."
      })
  private String type = "";

  /** Returns a path, with the type as a parameter if given. */
  String addedTo(String path) {
    return type.isEmpty()
        ? path
        : path + (path.contains("?") ? '&' : '?') + "sourceType=" + ApiOptions.encoded(type);
  }
}
