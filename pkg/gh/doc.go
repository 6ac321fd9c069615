// Package gh keeps exactly one pull request a track, and speaks with people
// through it.
//
// It knows GitHub's REST API through go-github: pull requests, comments,
// labels, reviewers, permissions, rate limits, and what GitHub's Markdown does
// to the words of strangers (Inert). Everything that changes something on
// GitHub is one numbered effect; everything that is read twice is read with a
// conditional request. Its errors say which permission a token lacks and
// whether trying again helps, and no token appears in them.
//
// It must not know YAML, registries, git, nor why a pull request is wanted.
package gh
