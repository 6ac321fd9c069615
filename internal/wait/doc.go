// Package wait pauses what a context can end.
//
// It knows nothing else. How long and how often is each room's own matter.
package wait
