/**
 * Names of topics and headers, and reasons of rejections. Together with the generated records, this
 * is all that producers and consumers of Sluice's topics need. Part of sluice-contract.jar; depends
 * only on Avro and kafka-clients.
 */
@NullMarked
package dev.sluice.contract;

import org.jspecify.annotations.NullMarked;
