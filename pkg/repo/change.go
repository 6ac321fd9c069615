package repo

import (
	"io/fs"
	"strings"
	"time"
)

// Change is what one file becomes.
type Change struct {
	// Path of the file, with slashes, below the tree's root.
	Path string
	// Content is the whole new content. The file keeps its mode; a new one is
	// not executable.
	Content []byte
	// Delete removes the file instead.
	Delete bool
	// Before, where not nil, is what the file must hold at the moment; a file
	// that holds something else fails the change.
	Before []byte
}

// Message is what a commit says.
type Message struct {
	// Text is the whole message; it gets a final newline. Required.
	Text string
	// Author made the change. Default: Options.Author.
	Author Signature
	// Time of author and committer. Default: Options.Now.
	Time time.Time
}

// edit is the changes as a tree: a folder with children, or a file.
type edit struct {
	change   *Change
	children map[string]*edit
}

// plan sorts changes into a tree, and refuses paths that do not belong in one.
func plan(changes []Change) (*edit, error) {
	root := &edit{children: map[string]*edit{}}

	for _, c := range changes {
		if reason := badPath(c.Path); reason != "" {
			return nil, &ChangeError{c.Path, reason}
		}

		if err := root.insert(c); err != nil {
			return nil, err
		}
	}

	return root, nil
}

func (e *edit) insert(c Change) error {
	parts := strings.Split(c.Path, "/")

	for i, part := range parts {
		next, ok := e.children[part]
		last := i == len(parts)-1

		switch {
		case ok && last:
			return &ChangeError{c.Path, "is changed twice, or is the folder of another change"}
		case ok && next.change != nil:
			return &ChangeError{c.Path, "lies in a file that another change writes"}
		case !ok:
			next = &edit{children: map[string]*edit{}}
			e.children[part] = next
		}

		e = next
	}

	e.change = &c

	return nil
}

// badPath is why a path may not be written; "" when it may. What a case-blind
// file system would take for .git counts as .git.
func badPath(path string) string {
	switch {
	case path == "" || path == ".":
		return "is not the path of a file"
	case strings.HasPrefix(path, "/"):
		return "is an absolute path"
	case strings.ContainsAny(path, "\\\x00"):
		return "has a backslash or a NUL in it"
	case !fs.ValidPath(path):
		return "leads out of the tree, or is not a clean path"
	}

	for part := range strings.SplitSeq(path, "/") {
		if looksLikeGit(part) {
			return "lies in a .git folder"
		}
	}

	return ""
}

// looksLikeGit tells names that some file system opens as .git: NTFS drops
// dots and blanks at the end, what follows a colon, and knows it as git~1;
// HFS+ drops characters that have no width.
func looksLikeGit(name string) bool {
	name, _, _ = strings.Cut(name, ":")
	name = strings.TrimRight(strings.Map(visible, name), ". ")

	return strings.EqualFold(name, ".git") || strings.EqualFold(name, "git~1")
}

func visible(r rune) rune {
	if r >= 0x200c && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x206a && r <= 0x206f || r == 0xfeff {
		return -1
	}

	return r
}
