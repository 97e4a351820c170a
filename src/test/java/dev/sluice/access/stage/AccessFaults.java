package dev.sluice.access.stage;

import dev.sluice.update.AccessUpdate.ProductRevised;
import dev.sluice.update.AccessUpdate.ProductSnapshot;
import dev.sluice.update.SourceRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.Advice.OnNonDefaultValue;
import org.apache.kafka.streams.state.StoreBuilder;

/** Mistakes for the access stage, to be woven into its classes; they are never run here. */
public final class AccessFaults {

  private AccessFaults() {}

  /** The method does nothing. */
  public static final class Skipped {
    private Skipped() {}

    @Advice.OnMethodEnter(skipOn = OnNonDefaultValue.class)
    static boolean skip() {
      return true;
    }
  }

  /** The method does nothing and finds nothing. */
  public static final class NothingFound {
    private NothingFound() {}

    @Advice.OnMethodEnter(skipOn = OnNonDefaultValue.class)
    static boolean skip() {
      return true;
    }

    @Advice.OnMethodExit
    static void answer(@Advice.Return(readOnly = false) List<?> found) {
      found = new ArrayList<>();
    }
  }

  /** A sweep is stored when it begins, and its progress is kept in memory alone. */
  public static final class StoredOnce {
    private StoredOnce() {}

    @Advice.OnMethodEnter(skipOn = OnNonDefaultValue.class)
    static boolean before(
        @Advice.Argument(0) String productId,
        @Advice.Argument(1) Object sweep,
        @Advice.FieldValue("byProduct") TreeMap<String, Object> byProduct) {
      return byProduct.replace(productId, sweep) != null;
    }
  }

  /** A sweep is lost with its task. */
  public static final class SweepsNotLogged {
    private SweepsNotLogged() {}

    @Advice.OnMethodExit
    static void after(@Advice.Return Set<StoreBuilder<?>> builders) {
      for (var builder : builders) {
        if (builder.name().equals("sweeps")) {
          builder.withLoggingDisabled();
        }
      }
    }
  }

  /** The revision of the last command is lost with its task. */
  public static final class RevisionNotLogged {
    private RevisionNotLogged() {}

    @Advice.OnMethodExit
    static void after(@Advice.Return Set<StoreBuilder<?>> builders) {
      for (var builder : builders) {
        if (builder.name().equals("command-revision")) {
          builder.withLoggingDisabled();
        }
      }
    }
  }

  /** A sweep goes on, whatever the slice says. */
  public static final class GoesOn {
    private GoesOn() {}

    @Advice.OnMethodExit
    static void after(@Advice.Return(readOnly = false) boolean more) {
      more = true;
    }
  }

  /** Sources that are replaced while a product is suspended are not noted. */
  public static final class OldSources {
    private OldSources() {}

    @Advice.OnMethodEnter(skipOn = OnNonDefaultValue.class)
    static boolean before(
        @Advice.Argument(value = 0, readOnly = false) ProductRevised revised,
        @Advice.FieldValue("copies") ProductRevisionStore copies) {
      var known = copies.newest(revised.productId());
      if (known == null || known.copy().active() || revised.deleted()) {
        return false;
      }
      revised =
          new ProductRevised(
              revised.productId(),
              revised.cause(),
              new ProductSnapshot(
                  revised.copy().revision(), revised.copy().active(), known.copy().sources()),
              false,
              revised.partitions(),
              revised.members());
      return false;
    }
  }

  /** One id is one source, whatever its type. */
  public static final class ById {
    private ById() {}

    @Advice.OnMethodExit
    static void answer(
        @Advice.FieldValue("sourceId") String sourceId,
        @Advice.Argument(0) Object other,
        @Advice.Return(readOnly = false) int order) {
      order = sourceId.compareTo(((SourceRef) other).sourceId());
    }
  }

  /** Which products give a source is kept by its id, whatever its type. */
  public static final class KeptById {
    private KeptById() {}

    @Advice.OnMethodExit
    static void answer(
        @Advice.Argument(0) String sourceId, @Advice.Return(readOnly = false) String prefix) {
      prefix = sourceId + "||";
    }
  }
}
