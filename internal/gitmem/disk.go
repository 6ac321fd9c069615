package gitmem

import (
	"net/http"
	"sync"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// Disk serves the bare repository in a folder, in which git itself may work
// too, one request at a time and without a process.
func Disk(dir string) http.Handler {
	var mu sync.Mutex

	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		mu.Lock()
		defer mu.Unlock()

		// Each request sees what git has done since the last one.
		files := filesystem.NewStorage(osfs.New(dir), cache.NewObjectLRUDefault())
		(&Repo{storage: files}).ServeHTTP(w, req)
	})
}
