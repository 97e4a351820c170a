package dev.sluice.executor;

/**
 * The rules by which an executor decides.
 *
 * @param batchMax most users of one statement
 * @param retry waits after a failure that passes by itself
 * @param personRetryMs wait after a failure that needs a person, in milliseconds
 * @param userGraceMs how long a user may be missing before a person has to act, in milliseconds
 * @param settleMs how long a revoke that may be held waits for others, in milliseconds
 * @param ofSource the brake for each source
 * @param ofPlatform the brake for all sources together
 * @param adoptsExisting whether access that was there before Sluice's GRANT is taken for Sluice's
 * @param name the executor's name in results
 */
public record ExecutorRules(
    int batchMax,
    Backoff retry,
    long personRetryMs,
    long userGraceMs,
    long settleMs,
    BrakeLimits ofSource,
    BrakeLimits ofPlatform,
    boolean adoptsExisting,
    String name) {}
