package gitmem

import (
	"net/http"
	"path/filepath"
	"slices"
	"sync"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing/cache"
	gitfiles "github.com/go-git/go-git/v5/storage/filesystem"
)

// Disk serves the bare repository in a folder, in which git itself may work
// too, one request at a time and without a process.
func Disk(dir string) http.Handler {
	d := &disk{dir: dir}

	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		d.mu.Lock()
		defer d.mu.Unlock()

		(&Repo{storage: d.storage()}).ServeHTTP(w, req)
	})
}

type disk struct {
	dir string

	mu    sync.Mutex
	files *gitfiles.Storage
	packs []string
}

// storage is what the folder holds now. go-git looks for packs once, and for
// references and loose objects each time: what it knows is good until git has
// made another pack.
func (d *disk) storage() *gitfiles.Storage {
	packs, err := filepath.Glob(filepath.Join(d.dir, "objects", "pack", "*.idx"))
	if err == nil && d.files != nil && slices.Equal(packs, d.packs) {
		return d.files
	}

	d.packs = packs
	d.files = gitfiles.NewStorage(osfs.New(d.dir), cache.NewObjectLRUDefault())

	return d.files
}
