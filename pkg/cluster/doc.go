// Package cluster reads what runs in a Kubernetes cluster, with rights that cannot write.
//
// It knows how a cluster is reached (a kubeconfig and its contexts, or from inside), where it keeps objects of a kind, and how to list
// them a page at a time within a bounded time. It gets and lists; it has no code that writes, and it never reads a Secret. A kind that
// may not be read is named, and the rest goes on.
//
// It must not know git, YAML, or what anybody makes of the objects.
package cluster
