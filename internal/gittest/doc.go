// Package gittest is a git server over smart HTTP that a program can start
// for itself, with repositories a person can commit to behind its back.
//
// It serves real git: every request ends in `git http-backend`, so what a
// client sees (shallow clones, filters, leases, refused pushes) is what git
// does. Around that it checks tokens, counts requests and injects faults.
// Repositories are bare and are written with `git fast-import`; no work tree
// is ever made, so neither line endings nor modes can change on the way.
//
// It knows git and HTTP. It must not know the program that is tested with it,
// and needs no testing.T: a demonstration starts it like a test does. All it
// needs is `git` on PATH, and the user's own git configuration is never read.
package gittest
