// Package faultproxy is a proxy on loopback in front of one stand-in, which
// does to requests what bad networks and broken servers do.
//
// It knows HTTP and TCP. It must not know who speaks through it.
package faultproxy
