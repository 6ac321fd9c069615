// Package openapi holds a GitHub, or what stands in for it, against GitHub's
// own OpenAPI description: each request and each answer.
//
// It knows the description as npm's @octokit/openapi carries it
// (generated/api.github.com.json, 13 MB, which is not part of this
// repository). It must not know what the handler behind it does. It is a
// package of its own so that programs that link githubtest do not carry an
// OpenAPI validator.
package openapi
