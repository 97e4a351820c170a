package dev.sluice.sim;

import dev.sluice.access.command.SimulatedCommandProducer.Trouble;
import dev.sluice.streams.StoreKind;

/**
 * Partitions and threads of a simulated cluster.
 *
 * @param productPartitions of product-events
 * @param userEventPartitions of user-events
 * @param userPartitions of access-updates
 * @param threads that own the tasks; between them they may own any
 * @param atOnce how much of a sweep is done with the update that it comes from
 * @param few up to so many members of a product are settled each on its own
 * @param commands what befalls the commands on their way to the broker
 */
record Shape(
    int productPartitions,
    int userEventPartitions,
    int userPartitions,
    int threads,
    int atOnce,
    int few,
    StoreKind stores,
    Trouble commands) {}
