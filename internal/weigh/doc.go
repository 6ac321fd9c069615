// Package weigh tells before a YAML or JSON text is parsed how much of it would
// be in memory afterwards. A parsed value takes some hundred bytes, so that a
// few megabytes of nothing but brackets become gigabytes.
//
// Of Markdown it tells how much work parsing would be.
//
// It knows the characters that begin or end something and nothing else: it
// counts too many rather than too few.
package weigh
