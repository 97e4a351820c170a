package dev.sluice.product;

import dev.sluice.avro.internal.StoredProductCounters;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.Advice.OnNonDefaultValue;

/** Mistakes for the product stage, to be woven into its classes; they are never run here. */
public final class ProductFaults {

  private ProductFaults() {}

  /** Time does nothing to the requests of a suspended product. */
  public static final class NotWhileSuspended {
    private NotWhileSuspended() {}

    @Advice.OnMethodEnter(skipOn = OnNonDefaultValue.class)
    static boolean before(@Advice.Argument(0) Product product) {
      return product.state() == ProductState.SUSPENDED;
    }
  }

  /** Requests for a suspended product do not lapse. */
  public static final class NoLapse {
    private NoLapse() {}

    @Advice.OnMethodEnter(skipOn = OnNonDefaultValue.class)
    static boolean before(@Advice.Argument(0) Product product, @Advice.Argument(3) Due.Kind kind) {
      return product.state() == ProductState.SUSPENDED && kind == Due.Kind.LAPSE;
    }
  }

  /** The first approver of a stage counts twice. */
  public static final class FirstTwice {
    private FirstTwice() {}

    @Advice.OnMethodExit
    static void after(@Advice.Return(readOnly = false) List<String> approvedBy) {
      if (!approvedBy.isEmpty()) {
        var more = new ArrayList<>(approvedBy);
        more.add(approvedBy.getFirst());
        approvedBy = more;
      }
    }
  }

  /** Whatever is not above the last sequence was accepted before. */
  public static final class AllSeen {
    private AllSeen() {}

    @Advice.OnMethodExit
    static void after(
        @Advice.This SeenEvents seenEvents,
        @Advice.Argument(0) long sequence,
        @Advice.Return(readOnly = false) boolean seen) {
      seen = seenEvents.isBehind(sequence);
    }
  }

  /** Counters are stored only while there are no requests. */
  public static final class Once {
    private Once() {}

    @Advice.OnMethodEnter(skipOn = OnNonDefaultValue.class)
    static boolean before(@Advice.Argument(0) Product product) {
      return product.requests().total() > 0;
    }
  }

  /** Accepted sequences are stored without their events. */
  public static final class NoEvents {
    private NoEvents() {}

    @Advice.OnMethodExit
    static void after(@Advice.Return StoredProductCounters counters) {
      counters.put("sequenceEvents", List.of());
    }
  }

  /** A product is read with the counters in its own record, which an older version stored. */
  public static final class NoCounters {
    private NoCounters() {}

    @Advice.OnMethodEnter
    static void before(
        @Advice.Argument(value = 2, readOnly = false) StoredProductCounters counters) {
      counters = null;
    }
  }

  /** One partition that holds members is left out. */
  public static final class AllButOne {
    private AllButOne() {}

    @Advice.OnMethodExit
    static void after(@Advice.Return SortedSet<Integer> partitions) {
      if (partitions.size() > 1) {
        partitions.remove(partitions.last());
      }
    }
  }
}
