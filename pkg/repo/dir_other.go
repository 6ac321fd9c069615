//go:build !unix

package repo

import (
	"io/fs"
	"os"
)

// keepOwner has nothing to do where files inherit their owner.
func keepOwner(*os.File, fs.FileInfo) error { return nil }

// syncFolder has nothing to do where folders cannot be synced.
func syncFolder(*os.File) error { return nil }
