package repo

import (
	"fmt"
	"os"
	"sync"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// shelf is one generation of a mirror, open only while somebody reads from it:
// a process that looks after a thousand repositories has neither a thousand
// open packs nor what was read from them in memory.
type shelf struct {
	path string

	mu      sync.Mutex
	storage *filesystem.Storage // nil: closed
}

// shelfCache is how much of what was read an open shelf keeps.
const shelfCache = 8 * cache.MiByte

func newStorage(path string) *filesystem.Storage {
	// Descriptors that are kept make reading several times faster.
	return filesystem.NewStorageWithOptions(osfs.New(path, osfs.WithBoundOS()), cache.NewObjectLRU(shelfCache), filesystem.Options{KeepDescriptors: true})
}

// EncodedObject reads one object.
func (s *shelf) EncodedObject(kind plumbing.ObjectType, hash plumbing.Hash) (plumbing.EncodedObject, error) {
	s.mu.Lock()
	defer s.mu.Unlock()

	return s.open().EncodedObject(kind, hash)
}

// EncodedObjectSize is an object's length.
func (s *shelf) EncodedObjectSize(hash plumbing.Hash) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()

	return s.open().EncodedObjectSize(hash)
}

func (s *shelf) open() *filesystem.Storage {
	if s.storage == nil {
		s.storage = newStorage(s.path)
	}

	return s.storage
}

// there tells whether the generation is still on the disk.
func (s *shelf) there() bool {
	_, err := os.Stat(s.path)

	return err == nil
}

// rest closes what is open; the next reading opens it again.
func (s *shelf) rest() error {
	s.mu.Lock()
	defer s.mu.Unlock()

	if s.storage == nil {
		return nil
	}

	open := s.storage
	s.storage = nil

	if err := open.Close(); err != nil {
		return fmt.Errorf("mirror %s: %w", s.path, err)
	}

	return nil
}
