package dev.sluice.access;

import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.CommandReason;

/**
 * Where a command comes from.
 *
 * @param productId the product through which access was gained or lost
 * @param reason why
 * @param cause the event, or the expiry, behind it
 * @param position its place in the order of all updates
 */
public record ChangeCause(String productId, CommandReason reason, Trigger cause, long position) {}
