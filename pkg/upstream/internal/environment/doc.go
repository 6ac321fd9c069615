// Package environment finds the environment variables that upstream's code reads, with the place, the default and who
// runs that code.
//
// It knows how Ruby, ERB in YAML, and the streaming server's JavaScript name a variable: directly, through a method's
// parameter, a prefix, a literal list or a pattern; and which folder belongs to which process.
//
// It must not know what a variable means. A name that it cannot resolve is a gap, not an absence.
package environment
