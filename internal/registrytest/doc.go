// Package registrytest is a registry on loopback that behaves as ghcr.io does, warts included.
//
// It knows ghcr.io's token flow (401 with a Bearer challenge, /token, a refusal for what is private or does not exist), its tag lists
// (oldest first, 100 a page unless n asks for more, a Link header that says n=0 when no n was given), its blob downloads (a redirect to
// another host that refuses an Authorization header), the shape of Mastodon's images (no labels, no attestations, two platforms, facts in
// the environment of the config), and how all of it breaks. Blobs and manifests are served by go-containerregistry's own registry.
//
// It is read-only over the wire: images are published by method calls. What it was not made for is answered 404 or 405 and kept in
// [Server.Unexpected], so that a test can insist on none.
//
// The package must not know pkg/registry, which it tests, nor the testing package: `bot demo` runs on it too.
package registrytest
