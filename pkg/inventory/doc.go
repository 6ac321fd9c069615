// Package inventory lists the objects of a repository that an upgrade of Mastodon touches.
//
// It knows migrate Jobs and their hooks, the workloads and what each of them serves, the objects that back a database up, the
// servers of PostgreSQL, Redis and Elasticsearch with the versions they state, the variables that are set, and the engine that
// applies all of it. Everything carries the file and the line it was read from.
//
// It must not know releases, registries, the network, git, or what any of this means for an upgrade (package notes judges that).
// It reads the files that it is handed and no others, and parses those alone that can matter by the look of their bytes. What
// kustomizations change (patches, images, replicas, namespaces, prefixes) is applied to the nodes of an object, so that a place is
// the line that states a thing, in an overlay or in its base; charts are not rendered, and said to be unknown. Values of Secrets are
// never taken up, their keys are.
package inventory
