package dev.sluice.access;

import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.CommandReason;

/**
 * The cause of a command.
 *
 * @param productId the product through which access was gained or lost
 * @param reason the command's reason
 * @param cause the event, or the expiry, behind the command
 * @param position the position in the order of all updates
 */
public record ChangeCause(String productId, CommandReason reason, Trigger cause, long position) {}
