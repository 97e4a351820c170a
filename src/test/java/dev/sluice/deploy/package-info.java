/** Holds what deploy/ has for Kubernetes to Kubernetes' own schemas, and to the worker. */
package dev.sluice.deploy;
