/** Holds the manifests of deploy/kubernetes to Kubernetes' schemas and to what the worker is. */
package dev.sluice.kube;
