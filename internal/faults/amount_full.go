//go:build faults

package faults

// Full tells whether this run does every case instead of a sample.
const Full = true
