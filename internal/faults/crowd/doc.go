// Package crowd lets several processes look after one repository at once: one
// pull request comes of it, no update is lost, and none waits for another for
// ever.
//
// All of it is tests.
package crowd
