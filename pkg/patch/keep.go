package patch

import (
	"bytes"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/internal/weigh"
	"github.com/goingdark-social/bot/pkg/layout"
)

// interesting keeps what names an image or may come to matter, and tells whether the file must be read again the next time.
func (w *walker) interesting(name string, data []byte) bool {
	switch {
	case w.unusable(name, data):
		return true
	case isMarkdown(name):
		return w.document(name, data)
	case w.names.in(name, data) && !w.affords(name, data):
		w.problem(Problem{File: name, Message: "names an image, and the files that do so are more than can be read", Fatal: true})

		return true
	case w.names.in(name, data):
		w.keep(&w.pages, readPage(name, bytes.Clone(data), w.names))

		return true
	default:
		return w.memory != nil && layout.Says(name, data)
	}
}

const (
	// maxKept is how much of a tree may name images, in bytes.
	maxKept = 256 << 20
	// maxValues is how much of that may be YAML or JSON: half a million lines.
	maxValues = 2 * weigh.Max
)

// affords tells whether a file that is to be kept still fits into memory.
func (w *walker) affords(name string, data []byte) bool {
	values := 0
	if layout.Speaks(name) || strings.HasSuffix(name, ".json") {
		values = weigh.Values(data)
	}

	w.mu.Lock()
	defer w.mu.Unlock()

	if values > weigh.Max {
		values = 0 // which is told, and not parsed
	}

	if w.bytes+len(data) > maxKept || w.values+values > maxValues {
		return false
	}

	w.bytes += len(data)
	w.values += values

	return true
}

// unusable notes a manifest whose content is not at hand or is in an encoding that its editor should know of.
func (w *walker) unusable(name string, data []byte) bool {
	if !layout.Speaks(name) {
		return false
	}

	switch {
	case bytes.HasPrefix(data, []byte("version https://git-lfs.github.com/spec/")):
		w.mu.Lock()
		defer w.mu.Unlock()

		w.pointers = append(w.pointers, name)

		return true
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		if w.names.in(name, bytes.ReplaceAll(data, []byte{0}, nil)) {
			w.problem(Problem{File: name, Line: 1, Message: "names an image and is UTF-16, which can't be changed safely: save it as UTF-8", Fatal: true})
		}

		return true
	default:
		return false
	}
}

// document keeps a document that speaks of Mastodon. Of the others the name is enough, to read them if an application turns out to
// be called otherwise or to be where they are.
func (w *walker) document(name string, data []byte) bool {
	if ownName.Match(data) && w.affords(name, data) {
		w.keep(&w.markdown, newPage(name, bytes.Clone(data), w.names))

		return true
	}

	w.mu.Lock()
	defer w.mu.Unlock()

	w.others = append(w.others, name)

	return false
}

func (w *walker) keep(list *[]*page, p *page) {
	w.mu.Lock()
	defer w.mu.Unlock()

	*list = append(*list, p)
}

// in tells whether a file may name an image.
func (n *names) in(file string, data []byte) bool {
	if !bytes.Contains(data, n.common) {
		return false
	}

	holds := func(needle []byte) bool { return bytes.Contains(data, needle) }

	return slices.ContainsFunc(n.needles, holds) || strings.HasSuffix(file, ".json") && slices.ContainsFunc(n.escaped, holds)
}
