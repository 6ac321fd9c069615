package repo

import (
	"fmt"
	"strings"
)

// differences compares two commits by the hashes of their folders and files:
// what both share is not looked into.
func differences(older, newer *Commit) ([]Difference, error) {
	d := &differ{older: older.fileSystem(), newer: newer.fileSystem()}
	err := d.folders(".", &entry{mode: modeDir, hash: older.header.tree}, &entry{mode: modeDir, hash: newer.header.tree})

	return d.found, err
}

type differ struct {
	older, newer *commitFS
	found        []Difference
	seen         int // entries that were looked at
}

// folders compares two folders of one name; nil where there is none.
func (d *differ) folders(name string, older, newer *entry) error {
	if older != nil && newer != nil && older.hash == newer.hash {
		return nil
	}

	was, err := d.open(d.older, older)
	if err != nil {
		return err
	}

	is, err := d.open(d.newer, newer)
	if err != nil {
		return err
	}

	for i := range was.entries {
		if err := d.entries(name, &was.entries[i], is.entry(was.entries[i].name)); err != nil {
			return err
		}
	}

	for i := range is.entries {
		if was.entry(is.entries[i].name) == nil {
			if err := d.entries(name, nil, &is.entries[i]); err != nil {
				return err
			}
		}
	}

	return nil
}

// entries compares two entries of one name in the folder dir.
func (d *differ) entries(dir string, older, newer *entry) error {
	if older != nil && newer != nil && older.hash == newer.hash && older.mode == newer.mode {
		return nil
	}

	if d.seen++; d.seen > maxFiles || strings.Count(dir, "/") > maxDepth {
		return fmt.Errorf("%s and %s differ in more than can be looked at", d.older.commit.hash, d.newer.commit.hash)
	}

	name := join(dir, either(older, newer).name)
	change := Difference{Path: name, Older: older.file(), Newer: newer.file()}

	if change.Older != change.Newer {
		d.found = append(d.found, change)
	}

	if older.folder() == nil && newer.folder() == nil {
		return nil
	}

	return d.folders(name, older.folder(), newer.folder())
}

func (d *differ) open(f *commitFS, e *entry) (*folder, error) {
	if e == nil {
		return &folder{}, nil
	}

	return f.tree(e.hash)
}

func either(a, b *entry) *entry {
	if a != nil {
		return a
	}

	return b
}

// file is the hash of what can be read as a file; "" for all else.
func (e *entry) file() string {
	if e == nil || !e.isRegular() {
		return ""
	}

	return e.hash.String()
}

// folder is the entry if it is a folder.
func (e *entry) folder() *entry {
	if e == nil || !e.isDir() {
		return nil
	}

	return e
}

// entry is the one of a name; nil where there is none.
func (f *folder) entry(name string) *entry {
	i, ok := f.index[name]
	if !ok {
		return nil
	}

	return &f.entries[i]
}
