package patch

import (
	"path"
	"strings"
	"sync"
)

// Hasher is what a tree may offer besides [io/fs.FS]: the hash of a file's content, known without reading it, as a commit knows its
// blobs'. Equal hashes mean equal content.
type Hasher interface {
	Hash(name string) (string, error)
}

// Memory knows files that hold nothing of interest, by their hash, so that the next commit's scan reads only what changed and what
// matters. It may be shared by any number of scans at once and of any repositories. The zero Memory is ready to use.
type Memory struct {
	mu      sync.Mutex
	size    int
	seen    map[string]struct{}
	folders map[string]quiet
}

// maxMemory is how many files and folders are known, some 100 MB at most; then it is begun anew.
const maxMemory = 1 << 20

// grow makes room for some more.
func (m *Memory) grow(by int) {
	if m.seen == nil || m.size+by > maxMemory {
		m.size, m.seen, m.folders = 0, map[string]struct{}{}, map[string]quiet{}
	}

	m.size += by
}

// key is what a file is known by: what it holds, what kind of file its name makes it, and what is looked for. It is "" in a tree
// that tells no hashes.
func (w *walker) key(name string) string {
	h, ok := w.fsys.(Hasher)
	if !ok || w.memory == nil {
		return ""
	}

	hash, err := h.Hash(name)
	if err != nil {
		return "" // reading it will tell why
	}

	return strings.Join([]string{hash, path.Base(name), w.names.fingerprint}, "\x00")
}

func (m *Memory) boring(key string) bool {
	if m == nil || key == "" {
		return false
	}

	m.mu.Lock()
	defer m.mu.Unlock()

	_, ok := m.seen[key]

	return ok
}

func (m *Memory) remember(key string) {
	if m == nil || key == "" {
		return
	}

	m.mu.Lock()
	defer m.mu.Unlock()

	m.grow(1)
	m.seen[key] = struct{}{}
}
