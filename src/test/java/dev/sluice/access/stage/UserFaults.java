package dev.sluice.access.stage;

import dev.sluice.access.AccessDiff;
import dev.sluice.access.CommandSink;
import dev.sluice.update.CommandReason;
import java.util.Set;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.Advice.OnNonDefaultValue;
import org.apache.kafka.streams.state.StoreBuilder;

/** Mistakes about deactivated users, to be woven into the access stage; never run here. */
public final class UserFaults {

  private UserFaults() {}

  /** An approval gives access to a deactivated user. */
  public static final class ApprovalPasses {
    private ApprovalPasses() {}

    @Advice.OnMethodEnter(skipOn = OnNonDefaultValue.class)
    static boolean before(
        @Advice.Argument(0) String userId,
        @Advice.Argument(1) AccessDiff.Change change,
        @Advice.FieldValue("behind") CommandSink behind) {
      var passes = change.cause().reason() == CommandReason.ACCESS_APPROVED;
      if (passes) {
        behind.emit(userId, change);
      }
      return passes;
    }
  }

  /** A resumption gives access to a deactivated user. */
  public static final class ResumptionPasses {
    private ResumptionPasses() {}

    @Advice.OnMethodEnter(skipOn = OnNonDefaultValue.class)
    static boolean before(
        @Advice.Argument(0) String userId,
        @Advice.Argument(1) AccessDiff.Change change,
        @Advice.FieldValue("behind") CommandSink behind) {
      var passes = change.cause().reason() == CommandReason.PRODUCT_RESUMED;
      if (passes) {
        behind.emit(userId, change);
      }
      return passes;
    }
  }

  /** An added source is given to a deactivated user. */
  public static final class AddedSourcePasses {
    private AddedSourcePasses() {}

    @Advice.OnMethodEnter(skipOn = OnNonDefaultValue.class)
    static boolean before(
        @Advice.Argument(0) String userId,
        @Advice.Argument(1) AccessDiff.Change change,
        @Advice.FieldValue("behind") CommandSink behind) {
      var passes = change.cause().reason() == CommandReason.SOURCE_ADDED;
      if (passes) {
        behind.emit(userId, change);
      }
      return passes;
    }
  }

  /** Deactivated users are lost with the task. */
  public static final class UsersNotLogged {
    private UsersNotLogged() {}

    @Advice.OnMethodExit
    static void after(@Advice.Return Set<StoreBuilder<?>> builders) {
      for (var builder : builders) {
        if (builder.name().equals("deactivated-users")) {
          builder.withLoggingDisabled();
        }
      }
    }
  }

  /** The stored users are not read at the start. */
  public static final class NotRead {
    private NotRead() {}

    @Advice.OnMethodEnter
    static void before(@Advice.FieldValue(value = "read", readOnly = false) boolean read) {
      read = true;
    }
  }
}
