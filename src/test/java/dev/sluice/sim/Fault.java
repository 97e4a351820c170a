package dev.sluice.sim;

import static net.bytebuddy.matcher.ElementMatchers.isBridge;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.not;
import static net.bytebuddy.matcher.ElementMatchers.returns;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import dev.sluice.access.command.CommandFaults;
import dev.sluice.access.stage.AccessFaults;
import dev.sluice.access.stage.UserFaults;
import dev.sluice.product.ProductFaults;
import dev.sluice.product.stage.StageFaults;
import java.util.function.UnaryOperator;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.MemberSubstitution;
import net.bytebuddy.dynamic.DynamicType.Builder;
import net.bytebuddy.implementation.FixedValue;
import net.bytebuddy.implementation.StubMethod;

/** A mistake that could be made, in the worker or in what is around it here. */
enum Fault {
  OVERLAP_FORGOTTEN(
      "I2|I5",
      "access.stage.ProductRevisionStore",
      type -> type.method(named("provides")).intercept(FixedValue.value(false))),

  OVERLAP_FORGOTTEN_IN_SWEEPS(
      "I2|I5",
      "access.stage.ProductRevisionStore",
      type -> type.visit(Advice.to(AccessFaults.NothingFound.class).on(named("providers")))),

  SETTLING_SKIPPED(
      "I1|I2|I3|I5",
      "access.stage.UserSettler",
      type -> type.visit(Advice.to(AccessFaults.NothingFound.class).on(named("behind")))),

  MARK_FORGOTTEN_WHEN_SETTLED_AHEAD(
      "I2|I3",
      "access.stage.UserSettler",
      type -> type.visit(without("mark", 3).on(named("behind")))),

  MARK_FORGOTTEN_WHEN_JOINING_A_SWEEP(
      "I1|I2|I3",
      "access.stage.UserSettler",
      type -> type.visit(without("mark", 3).on(named("change")))),

  CURSOR_NOT_STORED(
      "I2|I7|I8",
      "access.stage.SweepStore",
      type -> type.visit(Advice.to(AccessFaults.StoredOnce.class).on(named("put")))),

  SWEEPS_WITHOUT_CHANGELOG(
      "I1|I8|I10",
      "access.stage.AccessStores",
      type -> type.visit(Advice.to(AccessFaults.SweepsNotLogged.class).on(named("builders")))),

  COMMAND_REVISION_NOT_STORED(
      "I7",
      "access.command.CommandEmitter",
      type -> type.visit(without("put", 2).on(named("end")))),

  COMMAND_REVISION_WITHOUT_CHANGELOG(
      "I7|I8",
      "access.stage.AccessStores",
      type -> type.visit(Advice.to(AccessFaults.RevisionNotLogged.class).on(named("builders")))),

  ENTANGLED_SWEEPS_TAKEN_FOR_SIMPLE(
      "I1|I2|I3|I5",
      "access.stage.Sweeper$Visit",
      type -> type.method(named("isEntangled")).intercept(FixedValue.value(false))),

  PLAN_KEPT_WHEN_PRODUCTS_CHANGE(
      "I1|I2|I3|I5|I9",
      "access.stage.Sweeper",
      type ->
          type.visit(
              MemberSubstitution.relaxed()
                  .field(named("epoch"))
                  .onWrite()
                  .stub()
                  .on(named("revise").or(named("forget"))))),

  SLICE_WITHOUT_END(
      "I10",
      "access.stage.Sweeper$Visit",
      type -> type.visit(Advice.to(AccessFaults.GoesOn.class).on(named("visit")))),

  MEMBERSHIPS_OF_DELETED_PRODUCT_LEFT(
      "I9|I10",
      "access.stage.Sweeper$Visit",
      type -> type.visit(without("remove", 2).on(named("visit")))),

  IDENTITY_BY_ID_ALONE(
      "I1|I2|I3|I5|I8|I9|I10|section 3",
      "update.SourceRef",
      type ->
          type.visit(
              Advice.to(AccessFaults.ById.class)
                  .on(named("compareTo").and(returns(int.class)).and(not(isBridge()))))),

  GIVERS_KEPT_BY_ID_ALONE(
      "I1|I2|I3|I5|I8|I9|I10",
      "keys.StoreKeys",
      type ->
          type.visit(
              Advice.to(AccessFaults.KeptById.class).on(named("given").and(takesArguments(2))))),

  COPY_WITHOUT_MEMBERS_LEFT(
      "I9|I10",
      "access.stage.Sweeper",
      type -> type.visit(Advice.to(AccessFaults.Skipped.class).on(named("forget")))),

  RESUMPTION_OVER_OLD_SOURCES(
      "I1|I3",
      "access.stage.Sweeper",
      type -> type.visit(Advice.to(AccessFaults.OldSources.class).on(named("revise")))),

  DUPLICATE_NOT_IGNORED(
      "section 3",
      "product.SeenEvents",
      type -> type.method(named("has")).intercept(FixedValue.value(false))),

  REUSED_SEQUENCE_TAKEN_FOR_DUPLICATE(
      "section 3",
      "product.SeenEvents",
      type -> type.method(named("isOfAnother")).intercept(FixedValue.value(false))),

  EVENTS_OF_SEQUENCES_NOT_STORED(
      "section 3",
      "product.stage.ProductAvro",
      type -> type.visit(Advice.to(ProductFaults.NoEvents.class).on(named("counters")))),

  LATE_EVENTS_TAKEN_FOR_DUPLICATES(
      "section 3",
      "product.SeenEvents",
      type -> type.visit(Advice.to(ProductFaults.AllSeen.class).on(named("has")))),

  WINDOW_NOT_STORED(
      "section 3",
      "product.stage.ProductAvro",
      type -> type.visit(without("seen", 0).on(named("counters")))),

  COUNTERS_NOT_STORED(
      "I8|I10|section 3",
      "product.stage.UncommittedProducts",
      type -> type.visit(without("accept", 2).on(named("write")))),

  COUNTERS_STORED_ONCE(
      "I8|I10|section 3",
      "product.stage.ProductStores",
      type -> type.visit(Advice.to(ProductFaults.Once.class).on(named("storeCounters")))),

  STATUS_LOST_AT_COMMIT(
      "section 3",
      "product.stage.UncommittedProducts",
      type -> type.visit(without("run", 0).on(named("write")))),

  STATUS_OF_EVERY_REQUEST(
      "I18|section 3",
      "product.stage.UncommittedProducts",
      type -> type.visit(Advice.to(StageFaults.AtOnce.class).on(named("status")))),

  CHANGES_KEPT_AFTER_COMMIT(
      "I18|section 3",
      "product.stage.UncommittedProducts",
      type -> type.visit(without("clear", 0).on(named("write")))),

  COUNTERS_OF_THE_DEFINITION(
      "section 3|I1",
      "product.stage.ProductAvro",
      type -> type.visit(Advice.to(ProductFaults.NoCounters.class).on(named("product")))),

  PARTITION_NOT_CHECKED(
      "section 3",
      "topology.PartitionerPlacement",
      type -> type.method(named("check")).intercept(FixedValue.nullValue())),

  TYPE_NOT_COMPARED(
      "I9",
      "event.codec.RecordReader",
      type ->
          type.visit(Advice.to(TypeForgotten.class).on(named("problem").and(takesArguments(2))))),

  EXPIRY_IGNORED_WHILE_SUSPENDED(
      "section 3",
      "product.ExpiryDecider",
      type -> type.visit(Advice.to(ProductFaults.NotWhileSuspended.class).on(named("decide")))),

  LAPSE_IGNORED_WHILE_SUSPENDED(
      "section 3",
      "product.ExpiryDecider",
      type -> type.visit(Advice.to(ProductFaults.NoLapse.class).on(named("decide")))),

  QUORUM_COUNTS_ONE_APPROVER_TWICE(
      "section 3",
      "product.AccessRequest",
      type -> type.visit(Advice.to(ProductFaults.FirstTwice.class).on(named("approvedBy")))),

  SCHEDULED_ACCESS_NOT_REVOKED(
      "section 3",
      "product.stage.StoredRequests",
      type -> type.visit(without("visitIndexed", 2).on(named("visitScheduled")))),

  LAST_PARTITION_NOT_TOLD(
      "I1",
      "product.MemberCounts",
      type -> type.visit(Advice.to(ProductFaults.AllButOne.class).on(named("partitions")))),

  UNCOMMITTED_OUTPUT_SEEN(
      "I8|I9",
      "sim.Transaction",
      type -> type.method(named("isOpen")).intercept(FixedValue.value(false))),

  OFFSET_NOT_TAKEN_BACK(
      "I1|I8|I9|I10|section 3|I11",
      "sim.Task",
      type -> type.visit(Advice.to(OffsetKept.class).on(named("start")))),

  COMMAND_SENT_IN_BOTH_WAYS(
      "I2|I7",
      "access.command.TransactionalDirectSend",
      type -> type.visit(Advice.to(CommandFaults.TakenAndHandedOver.class).on(named("send")))),

  COMMAND_LOST_AT_HAND_OVER(
      "I1|I2",
      "access.command.TransactionalDirectSend",
      type -> type.visit(Advice.to(CommandFaults.NeverHandedOver.class).on(named("send")))),

  ORDER_CHANGED_BETWEEN_THE_TWO_WAYS(
      "I2|I7",
      "access.command.SimulatedCommandProducer",
      type -> type.visit(without("drain", 0).on(named("write")))),

  FAILED_COMMAND_NOT_TOLD_TO_STREAMS(
      "I8",
      "access.command.CommandTransaction",
      type -> type.method(named("handOver")).intercept(FixedValue.value(false))),

  APPROVED_USER_NOT_REMEMBERED(
      "I8",
      "product.stage.ApprovedUsers",
      type ->
          type.method(named("add").and(takesArguments(String.class)))
              .intercept(StubMethod.INSTANCE)),

  DEACTIVATION_FORGOTTEN_ON_APPROVAL(
      "I2|I19",
      "access.stage.UserGate",
      type -> type.visit(Advice.to(UserFaults.ApprovalPasses.class).on(named("emit")))),

  DEACTIVATION_FORGOTTEN_ON_RESUMPTION(
      "I2|I19",
      "access.stage.UserGate",
      type -> type.visit(Advice.to(UserFaults.ResumptionPasses.class).on(named("emit")))),

  DEACTIVATION_FORGOTTEN_ON_ADDED_SOURCES(
      "I2|I19",
      "access.stage.UserGate",
      type -> type.visit(Advice.to(UserFaults.AddedSourcePasses.class).on(named("emit")))),

  DEACTIVATION_FORGOTTEN_AT_RESTORE(
      "I1|I2|I9|I19|I10",
      "access.stage.WithheldUsers",
      type -> type.visit(Advice.to(UserFaults.NotRead.class).on(named("readAll")))),

  DEACTIVATION_WITHOUT_CHANGELOG(
      "I1|I2|I8|I9|I19",
      "access.stage.AccessStores",
      type -> type.visit(Advice.to(UserFaults.UsersNotLogged.class).on(named("builders")))),

  DEACTIVATION_LEAVES_WHAT_A_USER_HAS(
      "I1|I2|I19",
      "access.stage.UserTurner",
      type -> type.visit(Advice.to(AccessFaults.Skipped.class).on(named("emit")))),

  USER_NOT_SETTLED_BEFORE_A_SLICE(
      "I1|I2|I9|I19",
      "access.stage.UserTurner",
      type -> type.visit(without("settle", 2).on(named("work").or(named("change"))))),

  BOUNDARY_NOT_MOVED(
      "I1|I2|I10|I19",
      "access.Withholding",
      type -> type.method(named("withholds")).intercept(FixedValue.value(false))),

  BOUNDARY_TAKEN_FOR_PASSED(
      "I1|I2|I19",
      "access.Withholding",
      type -> type.method(named("inclusive")).intercept(FixedValue.value(true))),

  SOURCE_GAINED_DURING_DEACTIVATION_FORGOTTEN(
      "I1|I2|I8|I19",
      "access.stage.WithheldUsers",
      type -> type.method(named("withhold")).intercept(StubMethod.INSTANCE)),

  SOURCES_OF_A_USER_KEPT_WHEN_MEMBERSHIPS_CHANGE(
      "I1|I2|I9|I10|I19",
      "access.stage.UserTurner",
      type -> type.method(named("memberChanged")).intercept(StubMethod.INSTANCE)),

  SOURCES_OF_A_USER_KEPT_WHEN_PRODUCTS_CHANGE(
      "I1|I2|I9|I10|I19",
      "access.stage.UserTurner",
      type -> type.method(named("productChanged")).intercept(StubMethod.INSTANCE)),

  USER_WITHOUT_SEQUENCE_REMEMBERED(
      "I10",
      "user.User",
      type -> type.method(named("isUnknown")).intercept(FixedValue.value(false))),

  USER_SEQUENCES_NOT_STORED(
      "section 3|I9|I10",
      "user.stage.UserStores",
      type -> type.visit(without("lastSequence", 0).on(named("put")))),

  FAILURE_KEPT_AFTER_ABORT(
      "I9",
      "access.command.CommandTransaction",
      type -> type.visit(Advice.to(AccessFaults.Skipped.class).on(named("reset"))));

  /** The invariants that may notice, as a pattern of their beginning. */
  final String caughtBy;

  /** The class that is changed. */
  final String type;

  final UnaryOperator<Builder<?>> change;

  Fault(String caughtBy, String type, UnaryOperator<Builder<?>> change) {
    this.caughtBy = caughtBy;
    this.type = "dev.sluice." + type;
    this.change = change;
  }

  /** Leaves out the calls of a method with so many arguments. */
  private static MemberSubstitution without(String method, int arguments) {
    return MemberSubstitution.relaxed().method(named(method).and(takesArguments(arguments))).stub();
  }

  /** An event is taken for one that says no type. */
  static final class TypeForgotten {
    private TypeForgotten() {}

    @Advice.OnMethodEnter
    static void before(@Advice.Argument(value = 1, readOnly = false) String type) {
      type = null;
    }
  }

  /** A task reads on where it was, not where it committed. */
  static final class OffsetKept {
    private OffsetKept() {}

    @Advice.OnMethodEnter
    static long before(@Advice.FieldValue("offset") long offset) {
      return offset;
    }

    @Advice.OnMethodExit
    static void after(
        @Advice.Enter long before,
        @Advice.FieldValue(value = "offset", readOnly = false) long offset) {
      offset = before;
    }
  }
}
