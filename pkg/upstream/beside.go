package upstream

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"
)

// beside runs readers of parts of one release at once. One that panics fails: the text that it could not read is a stranger's, and
// does not end the program for everybody else.
type beside struct{ errgroup.Group }

func (r *beside) Go(read func() error) {
	r.Group.Go(func() (err error) {
		defer func() {
			if v := recover(); v != nil {
				err = &PanicError{Value: v, Place: panicked()}
			}
		}()
		return read()
	})
}

// PanicError is a mistake of the readers.
type PanicError struct {
	// Value is what the reader panicked with, Place the file and line of ours where it did.
	Value any
	Place string
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic at %s: %v", e.Place, e.Value) }

// panicked is where the code that is being recovered panicked: the first frame below that of the panic itself.
func panicked() string {
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for {
		f, more := frames.Next()
		if !strings.HasPrefix(f.Function, "runtime.") || !more {
			return fmt.Sprintf("%s:%d", filepath.Join(filepath.Base(filepath.Dir(f.File)), filepath.Base(f.File)), f.Line)
		}
	}
}
