package dev.sluice.delivery;

/**
 * A result that was read before its command, and is kept until the command comes.
 *
 * @param readAtMs when it was read, in milliseconds since the epoch
 */
public record EarlyResult(Result result, long readAtMs) {}
