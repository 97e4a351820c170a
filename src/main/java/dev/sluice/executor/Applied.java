package dev.sluice.executor;

import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.CommandNumber;

/** The last command of a pair that the platform confirmed. */
public record Applied(CommandAction action, CommandNumber number) {}
