// Package registry says what a registry holds: tags, digests, platforms, build times, and which releases are complete.
//
// It knows the distribution protocol (through go-containerregistry), its paging, tokens and limits, and what the configs of Mastodon's
// images tell: SOURCE_COMMIT in web from 4.4.0 on, MASTODON_VERSION_PRERELEASE in both, no labels, no signatures. Everything that a
// server sends is hostile until checked: bodies are capped, digests verified, links followed on the same host alone, and of an error
// answer only the status and the specification's own codes are repeated.
//
// One [Client] keeps tokens and answers for as long as it lives. Contents are addressed by digest and never asked for twice; what can
// change (tag lists, what a tag points to) is asked again with each call, cheaply where the server lets it: by ETag and by HEAD.
// [Client.Pass] gives a view that asks each question once.
//
// The package must not know git, YAML or GitHub, nor decide whether a release is wanted. It only reads.
package registry
