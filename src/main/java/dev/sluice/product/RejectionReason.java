package dev.sluice.product;

/** Why an event was not accepted. The order of the checks is the order in which reasons win. */
public enum RejectionReason {
  /** The record is not an event: no value, not the wire format, not Avro, not this schema. */
  UNREADABLE("Send a ProductEvent in the registry's wire format."),
  /** An id is empty, too long, not well-formed text, or holds '|' or a control character. */
  INVALID_ID("Ids have 1 to 256 characters, well-formed text, no '|', no control characters."),
  /** The product was never published. */
  UNKNOWN_PRODUCT("Publish the product first."),
  /** A product with that id was published before. */
  PRODUCT_EXISTS("Use ProductUpdated or DataSourcesReplaced, or another id."),
  /** The product was deleted; its id is never used again. */
  PRODUCT_DELETED("Publish a product under another id."),
  /** The product has no request with that id, or it is another user's. */
  UNKNOWN_REQUEST("Check requestId, userId and productId."),
  /** The product has a request with that id already. */
  REQUEST_EXISTS("Use another requestId."),
  /** The request was decided before, or is over. */
  NOT_PENDING("Only a pending request can be decided about or canceled."),
  /** There is no approved request to revoke. */
  NOT_APPROVED("Only approved access can be revoked."),
  /** Who decided is not an approver of the request's current stage. */
  NOT_AN_APPROVER("Let an approver of the current stage decide."),
  /** The product has a data use agreement that the requester did not acknowledge. */
  AGREEMENT_NOT_ACKNOWLEDGED("Request again with agreementAcknowledged."),
  /** The approval policy has a stage that nobody could pass. */
  INVALID_POLICY("Give every stage at least one approver of type USER."),
  /** One source is given two types, or another type than the product holds it under. */
  CONFLICTING_SOURCE_TYPE("Give each source one type, the same that the product has."),
  /** The record is too large, or the product, its deletion or a request would be. */
  TOO_LARGE("Split the product into several, or shorten texts, policy or reason."),
  /** An operator had the record set aside, since no worker could go on behind it. */
  SET_ASIDE("Put right what it should have done: docs/runbook.md, section SluiceRecordSetAside.");

  private final String remedy;

  RejectionReason(String remedy) {
    this.remedy = remedy;
  }

  /** What to do about it, one sentence. */
  public String remedy() {
    return remedy;
  }
}
