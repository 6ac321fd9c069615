// Package plan decides: from what was observed and the policy to at most one
// proposal a track, and for every newer release that is not proposed the rule
// that decided.
//
// It knows releases, policy and the clock it is given. It must not know where
// any of them came from: it does no I/O of any kind, and the same input gives
// the same decision.
package plan
