package dev.sluice.contract;

/**
 * Reason of a rejection. The order of the constants is the order of the checks: the first failed
 * check gives the reason.
 */
public enum RejectionReason {
  /**
   * The record is not an event: no value, not the wire format, not Avro, not this schema. The
   * header {@link RejectionHeaders#REMEDY} depends on the fault.
   */
  UNREADABLE("Send a ProductEvent or a UserEvent in the registry's wire format."),
  /**
   * An id is empty, too long, not well-formed text, or holds '|' or a control character; a new one
   * is blank, has blanks around it, or holds an invisible character.
   */
  INVALID_ID(
      "An id has 1 to 256 characters of well-formed text, without '|' and control"
          + " characters; a new id has no blanks around it and no invisible characters. Encode"
          + " other characters, such as | as %7C."),
  /** The record is not in the partition that its key belongs to. */
  WRONG_PARTITION("Let the producer choose partitions as Kafka's own clients do, by murmur2."),
  /** The product was never published. */
  UNKNOWN_PRODUCT("Publish the product first."),
  /** A product with that id was published before. */
  PRODUCT_EXISTS("Use ProductUpdated or DataSourcesReplaced, or another id."),
  /** The product was deleted; its id is never used again. */
  PRODUCT_DELETED(
      "If the event takes access away, do nothing: a deleted product gives no access."
          + " Otherwise publish a product under another id, and send the event for that"
          + " product."),
  /** The sequence was accepted for another event, with another eventId. */
  SEQUENCE_REUSED(
      "If the event was sent before under another eventId, do nothing. Otherwise send it with the"
          + " next sequence, or without one. Let one producer count a product's or a user's"
          + " events."),
  /** The sequence is below the last accepted one, and was not accepted itself. */
  OUT_OF_ORDER(
      "Check whether the change was already made. If not, send a new event with a"
          + " sequence above the last one, or without one. Let the producer write the events"
          + " of a product or a user in order."),
  /** The sequence is negative, or so high that those after it could not be above it. */
  IMPLAUSIBLE_SEQUENCE(
      "Send the event with the next sequence, or without one. If the producer does"
          + " count in such steps, raise events.sequence.jump.max."),
  /** The product has no request with that id, or the request is another user's. */
  UNKNOWN_REQUEST("Check requestId, userId and productId."),
  /** The product has a request with that id already. */
  REQUEST_EXISTS("Use another requestId."),
  /** The eventId is that of another determination that passed a stage of the request. */
  EVENT_ID_REUSED("Send the determination under its own eventId."),
  /** The request was decided before, or has ended, or waits at another stage. */
  NOT_PENDING(
      "To revoke approved access, send AccessRevoked. To give access again, make a new"
          + " request under another id. If the request waits at another stage, decide about"
          + " that stage."),
  /** There is no approved request to revoke. */
  NOT_APPROVED(
      "If the access was to end, do nothing: there is none. Otherwise check requestId,"
          + " userId and productId."),
  /** The author of the decision is not an approver of the request's current stage. */
  NOT_AN_APPROVER("Let an approver of the current stage decide."),
  /** The approver is the user of the request. */
  SELF_APPROVAL(
      "Let another approver of the stage decide, or allow self-approval with"
          + " approval.self.allowed=true."),
  /** The product has a data use agreement that the requester did not acknowledge. */
  AGREEMENT_NOT_ACKNOWLEDGED("Request again with agreementAcknowledged."),
  /** The approval policy has a stage that could not be passed, or a duration that is none. */
  INVALID_POLICY(
      "Give every stage at least one approver of type USER, and not more approvalsNeeded than"
          + " approvers. Write durations such as P14D or PT12H."),
  /** The duration of an approval is none. */
  INVALID_DURATION("Write grantedFor as a duration such as P30D or PT12H, or give expiresAt."),
  /** The record is too large, or the product, its deletion or a request would be. */
  TOO_LARGE("Split the product into several, or shorten its sources, policy or texts."),
  /** An operator set the record aside, since no worker could continue behind it. */
  SET_ASIDE(
      "Correct the effect that the record should have had: docs/runbook.md, section"
          + " SluiceRecordSetAside.");

  private final String remedy;

  RejectionReason(String remedy) {
    this.remedy = remedy;
  }

  /** Returns the remedy, in words. */
  public String remedy() {
    return remedy;
  }
}
