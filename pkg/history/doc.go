// Package history is what a branch ran over time, and how long it took: from
// the commits of a repository the upgrades of an application, the time in which
// its components were on different releases, and how long security releases
// waited.
//
// It knows what the references of a tree say (pkg/patch), and gets the commits
// and what is known of releases as values. It must not know git, where facts
// come from, or how any of it is shown; it does no I/O.
package history
