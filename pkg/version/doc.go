// Package version says what an image tag is: a release, a pre-release, a nightly, a tag that moves, or the build of a pull request.
//
// It knows the shapes that Mastodon's and glitch-soc's workflows give their tags, the order inside a channel, lines and ranges.
//
//	v4.4.3  4.4.3                    release
//	v4.5.0-beta.1  4.5.0b1           pre-release; both spellings are one version
//	nightly.2026-01-02               nightly; with -security the embargoed build of the evening before
//	pr-123-0a1b2c3                   one build of a pull request
//	latest edge nightly v4 v4.4      floating: names another build tomorrow
//	pr-123                           the newest build of a pull request, floating too
//
// Anything else is [Unknown]: it is never proposed and never guessed at. "v4.4.3-security" is no shape of the workflows and so
// unknown; a fork that ends its tags like that names the suffix, see [ParseSuffixed].
//
// "v4.4.3+glitch" is what the About page shows and what a person therefore types. A plus sign can't stand in a tag, and build metadata
// does not count in any order, so the version is v4.4.3 and so is its tag.
//
// The package must not know registries, files, or where a tag was read.
package version
