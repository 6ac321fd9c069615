// Package server makes passes on a schedule, one at a time, and says how it is.
//
// It knows when a pass is due, that two never overlap, how the one in hand ends
// when the program is asked to, when the configuration has changed, and what an
// operator watches: health, readiness, metrics, logs with one id a pass.
//
// It must not know what a pass does, what the configuration says beyond its
// schedule, nor anything of git, registries and GitHub.
package server
