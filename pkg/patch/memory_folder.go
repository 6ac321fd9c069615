package patch

import (
	"path"
	"slices"
)

// FolderHasher is what a tree may offer besides [Hasher]: the hash of all that a folder holds, at any depth, known without reading
// it, as a commit knows its trees'. A folder that is of no interest is then passed by as a whole.
type FolderHasher interface {
	FolderHash(name string) (string, error)
}

// quiet is a folder that holds nothing of interest at any depth: the names of its files, for the layout, and its folders.
type quiet struct {
	files   []string
	folders []child
}

type child struct{ name, key string }

// folder is a folder of this walk.
type folder struct {
	quiet

	key string
}

// enter notes a folder. It tells true for one that is known to hold nothing of interest, which needs no walk.
func (w *walker) enter(dir string) (known bool) {
	hasher, ok := w.fsys.(FolderHasher)
	if !ok || w.memory == nil || dir == "." { // the root has a policy file
		return false
	}

	hash, err := hasher.FolderHash(dir)
	if err != nil {
		return false // reading it will tell why
	}

	f := &folder{key: hash + "\x00" + w.names.fingerprint}
	if w.runsOnly {
		f.key += "\x00" // documents were not looked into
	}

	files, known := w.memory.recall(nil, f.key, dir)
	if known {
		for _, name := range files {
			w.passBy(name)
		}
	} else {
		w.entered = append(w.entered, dir)
		w.folders[dir] = f
	}

	if above := w.folders[path.Dir(dir)]; above != nil {
		above.folders = append(above.folders, child{name: path.Base(dir), key: f.key})
	}

	return known
}

// passBy notes a file whose name alone counts.
func (w *walker) passBy(name string) {
	w.layout.Add(name, nil)

	if isMarkdown(name) {
		w.mu.Lock()
		defer w.mu.Unlock()

		w.others = append(w.others, name)
	}
}

// rememberFolders keeps the folders that turned out to hold nothing of interest. Those inside come first.
func (w *walker) rememberFolders() {
	for _, dir := range slices.Backward(w.entered) {
		if w.loud[dir] {
			w.loud[path.Dir(dir)] = true
		} else {
			w.memory.rememberFolder(w.folders[dir])
		}
	}
}

func (m *Memory) rememberFolder(f *folder) {
	m.mu.Lock()
	defer m.mu.Unlock()

	m.grow(1 + len(f.files) + len(f.folders))
	m.folders[f.key] = f.quiet
}

// recall adds every file of a folder that is known, and tells false for one that is not, or not to the last of its folders.
func (m *Memory) recall(files []string, key, dir string) ([]string, bool) {
	m.mu.Lock()
	known, ok := m.folders[key]
	m.mu.Unlock()

	if !ok {
		return nil, false
	}

	for _, name := range known.files {
		files = append(files, dir+"/"+name)
	}

	for _, c := range known.folders {
		if files, ok = m.recall(files, c.key, dir+"/"+c.name); !ok {
			return nil, false
		}
	}

	return files, true
}
