// Package fleetworld is a world of many repositories on loopback: one GitHub,
// one git server and one registry, for a program that runs beside it as a
// process of its own. What passes is counted.
//
// It knows how the stand-ins are put together and what a release day is. It must
// not know the program, nor what is measured.
package fleetworld
