package repo

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// Modes as git writes them into a tree. A tree's entries are kept with the
// very text of their mode: git once wrote 100664 too, and rewriting a tree
// must not change the entries that nobody touched.
const (
	modeDir       = "40000"
	modeFile      = "100644"
	modeSymlink   = "120000"
	modeSubmodule = "160000"
)

type entry struct {
	mode, name string
	hash       plumbing.Hash
}

func (e entry) isDir() bool     { return e.mode == modeDir || e.mode == "0"+modeDir }
func (e entry) isRegular() bool { return strings.HasPrefix(e.mode, "100") }

// executable reads the owner's x bit.
func (e entry) executable() bool {
	n := len(e.mode)

	return e.isRegular() && n >= 3 && (e.mode[n-3]-'0')&1 != 0
}

// sortKey is a name as git orders it: a folder as if it ended in a slash.
func (e entry) sortKey() string {
	if e.isDir() {
		return e.name + "/"
	}

	return e.name
}

type tree []entry

var errTree = errors.New("malformed tree")

// parseTree decodes a tree object. Names that would mean something else in a
// path are refused: no git writes them, and joining them would lead elsewhere.
func parseTree(data []byte) (tree, error) {
	var t tree

	for len(data) > 0 {
		mode, rest, ok1 := bytes.Cut(data, []byte{' '})
		name, rest, ok2 := bytes.Cut(rest, []byte{0})

		if !ok1 || !ok2 || len(rest) < len(plumbing.ZeroHash) || !validMode(string(mode)) {
			return nil, errTree
		}

		e := entry{mode: string(mode), name: string(name)}
		if e.name == "" || e.name == "." || e.name == ".." || strings.Contains(e.name, "/") {
			return nil, fmt.Errorf("%w: it has an entry called %q", errTree, e.name)
		}

		data = rest[copy(e.hash[:], rest):]
		t = append(t, e)
	}

	return t, nil
}

func validMode(mode string) bool {
	switch {
	case len(mode) < 5 || len(mode) > 6 || strings.Trim(mode, "01234567") != "":
		return false
	case mode == modeSymlink, mode == modeSubmodule:
		return true
	}

	e := entry{mode: mode}

	return e.isDir() || e.isRegular()
}

// encode writes the tree as git does, in git's order.
func (t tree) encode() []byte {
	sorted := slices.SortedFunc(slices.Values(t), func(a, b entry) int { return strings.Compare(a.sortKey(), b.sortKey()) })

	var b bytes.Buffer
	for _, e := range sorted {
		b.WriteString(e.mode + " " + e.name + "\x00")
		b.Write(e.hash[:])
	}

	return b.Bytes()
}

// find is the place of the entry called name, or -1.
func (t tree) find(name string) int {
	return slices.IndexFunc(t, func(e entry) bool { return e.name == name })
}
