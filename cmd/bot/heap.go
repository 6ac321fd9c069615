package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// firstHeap is how large the heap may grow before it is collected for the
// first time, in percent of the 4 MB that are Go's own: 9 MB. That is just
// enough for a bump; more would cost a scan of a large tree, since memory that
// is fresh is dearer than memory that was collected.
const firstHeap = 225

// collectLater lets a process that ends within moments end without collecting
// garbage: half a dozen MB are all that most commands ever ask for, and Go
// would look through the few that live three or four times. From the first
// collection on everything is as always, for what stays or grows. Who sets
// GOGC is obeyed.
func collectLater() {
	if os.Getenv("GOGC") != "" {
		return
	}

	usual := debug.SetGCPercent(firstHeap)

	// Nobody holds on to this: the first collection cleans it up.
	first := new([16]byte)
	runtime.AddCleanup(first, func(usual int) { debug.SetGCPercent(usual) }, usual)
}
