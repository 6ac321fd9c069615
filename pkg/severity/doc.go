// Package severity is how bad something is: one scale for what drift finds, what migration notes warn of and what pages show.
//
// It knows nothing else.
package severity
