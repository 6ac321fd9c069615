// Package githubtest is a GitHub that forgets when the program ends: its REST
// API for repositories, pull requests, issues, comments, labels, reviewers,
// assignees and events, with the state behind it.
//
// It knows what GitHub answers: shapes, permissions and the messages of their
// lack, validation errors, pages, ETags, rate limits, and what GitHub refuses.
// What it does not know it refuses itself, with 501, and remembers it: a test
// ends with Unexpected. Whether its answers are GitHub's is checked against
// GitHub's own OpenAPI description by the openapi package beneath.
//
// It must not know git, which it asks through the Git interface, nor the
// testing package, since the demo runs on it.
package githubtest
