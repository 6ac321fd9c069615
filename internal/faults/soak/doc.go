// Package soak lets the service make a pass a second among faults, for as long
// as it is told, and holds that nothing of it grows.
//
// All of it is tests, with the build tag soak.
package soak
