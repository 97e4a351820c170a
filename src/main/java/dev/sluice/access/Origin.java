package dev.sluice.access;

import dev.sluice.access.AccessUpdate.Cause;

/**
 * Where a command comes from.
 *
 * @param productId the product through which access was gained or lost
 * @param reason why
 * @param cause the event, or the expiry, behind it
 * @param position its place in the order of all updates
 */
public record Origin(String productId, CommandReason reason, Cause cause, long position) {}
