package dev.sluice.sim;

import dev.sluice.topology.StateStores;

/**
 * What a history runs on.
 *
 * @param productPartitions of product-events
 * @param userPartitions of access-updates
 * @param threads that own the tasks; between them they may own any
 * @param atOnce how much of a sweep is done with the update that it comes from
 */
record Shape(
    int productPartitions, int userPartitions, int threads, int atOnce, StateStores stores) {}
