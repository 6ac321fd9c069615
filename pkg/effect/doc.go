// Package effect is the one seam through which everything that writes goes.
//
// A push, a pull request, a comment, a message and a file written in place
// are each one Effect, performed by a Seam. The seam is what makes "killed
// anywhere, the next run converges" testable: Recorder numbers the effects
// of a run, and Stopper ends the program before, in or after any of them.
//
// It knows that something is changed, and what the thing is called. It must
// not know how anything is changed, nor by which package.
package effect
