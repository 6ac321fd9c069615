package patch

import (
	"context"
	"io/fs"
)

// Scan reads every file of the tree that may name an image and says what it found. What can't be read or understood is among the
// problems; an error means that the tree itself could not be walked or that the options contradict each other.
func Scan(ctx context.Context, fsys fs.FS, o Options) (*Tree, error) {
	return &Tree{}, nil
}

// Plan gives the files of the application that change when it moves to the target, none if it is there already. It reads nothing
// and writes nothing. The error is an [*Error] that lists every problem.
func (t *Tree) Plan(application string, to Target) ([]File, error) {
	return nil, nil
}
