// Package network puts the real program into a world behind proxies that do
// what bad networks and broken servers do. A pass ends in bounded time, with
// one clear error or with success, and never with half a change.
//
// All of it is tests.
package network
