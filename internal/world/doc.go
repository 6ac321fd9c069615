// Package world puts the stand-ins together: one registry that answers for
// ghcr.io, one git server, one GitHub and one Slack on loopback, and one
// repository in them.
//
// It knows how the parts are wired, and what releases and people do in such a
// world. It must not know the program under test: the demo and the end-to-end
// tests run the real one in it.
package world
