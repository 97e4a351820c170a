/**
 * What producers and consumers of Sluice's topics need besides the generated records: names of
 * topics and headers, reasons for rejections. It is in sluice-contract.jar, and needs nothing but
 * Avro and kafka-clients.
 */
@NullMarked
package dev.sluice.contract;

import org.jspecify.annotations.NullMarked;
