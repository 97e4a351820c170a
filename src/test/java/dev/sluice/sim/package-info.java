/** Random histories against a naive model. */
package dev.sluice.sim;
