package patch

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
)

// names is the images that a scan looks for.
type names struct {
	families []Family
	images   []string // longest first, so that none hides behind its own beginning
	needles  [][]byte // what a file must hold to name any of them
	escaped  [][]byte // the same as some programs write JSON
	common   []byte   // the end that all of these share, "/mastodon": most files lack it, and one search tells so
	// fingerprint is the same for the same images and no others.
	fingerprint string
}

func newNames(o Options) *names {
	n := &names{}

	for _, a := range o.Applications {
		n.add(a.Images)
	}

	for _, f := range append(slices.Clone(o.Families), BuiltIn()...) {
		n.add(f)
	}

	n.common = n.needles[0]
	for _, needle := range append(slices.Clone(n.needles), n.escaped...) {
		for !bytes.HasSuffix(needle, n.common) {
			n.common = n.common[1:]
		}
	}

	slices.SortStableFunc(n.images, func(a, b string) int { return len(b) - len(a) })

	sum := sha256.Sum256([]byte(strings.Join(n.images, "\n")))
	n.fingerprint = string(sum[:8])

	return n
}

func (n *names) add(f Family) {
	if f.Web == "" || slices.Contains(n.families, f) {
		return
	}

	n.families = append(n.families, f)

	for _, image := range []string{f.Web, f.Streaming} {
		if image == "" || slices.Contains(n.images, image) {
			continue
		}

		n.images = append(n.images, image)

		needle := []byte(repositoryOf(image))
		n.escaped = append(n.escaped, bytes.ReplaceAll(needle, []byte("/"), []byte(`\/`)))
		if !slices.ContainsFunc(n.needles, func(have []byte) bool { return bytes.Contains(needle, have) }) {
			n.needles = append(n.needles, needle)
		}
	}
}

// repositoryOf is the image without its registry, which stands elsewhere in some files.
func repositoryOf(image string) string {
	host, rest, found := strings.Cut(image, "/")
	if found && (strings.ContainsAny(host, ".:") || host == "localhost") {
		return rest
	}

	return image
}

// canonical gives the family's spelling of an image name, "" for an image of no family. Docker Hub has a short name.
func (n *names) canonical(name string) string {
	short := shortName(name)

	for _, image := range n.images {
		if name == image || short == shortName(image) {
			return image
		}
	}

	return ""
}

func shortName(name string) string {
	for _, hub := range []string{"docker.io/", "index.docker.io/"} {
		if rest, ok := strings.CutPrefix(name, hub); ok {
			return rest
		}
	}

	return name
}

// streaming tells an image that runs nothing but streaming.
func (n *names) streaming(image string) bool {
	return slices.ContainsFunc(n.families, func(f Family) bool { return f.Streaming == image && f.Web != image })
}

// familiesOf is the families that an image is part of, configured ones first.
func (n *names) familiesOf(image string) []Family {
	var found []Family

	for _, f := range n.families {
		if f.Web == image || f.Streaming == image {
			found = append(found, f)
		}
	}

	return found
}

// spelled is where in a text the parts of an image stand: [start, end), empty when it has no such part.
type spelled struct {
	name, tag, digest [2]int
	rest              string // what follows the name when it is neither: "${version}", "{{ .tag }}"
}

func (s spelled) part(text string, p [2]int) string { return text[p[0]:p[1]] }

// split takes an image apart that is the whole of a text. A text with another port or path than a registry's is no image.
func split(text string) (spelled, bool) {
	trimmed := strings.TrimSpace(text)
	start := strings.Index(text, trimmed)

	end := len(trimmed)
	if at := strings.IndexAny(trimmed, "@$<{"); at >= 0 {
		end = at
	}

	if colon := strings.LastIndexByte(trimmed[:end], ':'); colon > strings.LastIndexByte(trimmed[:end], '/') {
		end = colon
	}

	s := spelled{name: [2]int{start, start + end}}

	if t, ok := wholeTail(trimmed[end:]); ok {
		s.tag, s.digest = moved(t.tag, start+end), moved(t.digest, start+end)
	} else {
		s.rest = trimmed[end:]
	}

	return s, end > 0
}

// find gives every image of a family inside a text, in order. Names that merely begin or end like one are none.
func (n *names) find(text string) []spelled {
	var found []spelled

	next := make([]int, len(n.images)) // where each image is named next; the text's length when it is not

	for i := range next {
		next[i] = -1
	}

	for from := 0; ; {
		at, end := n.next(text, from, next)
		if at == len(text) {
			return found
		}

		from = end

		if !startsName(text[:at]) || !endsName(text[end:]) {
			continue
		}

		s := spelled{name: [2]int{at, end}}
		t := leadingTail(text[end:])
		s.tag, s.digest = moved(t.tag, end), moved(t.digest, end)
		from += t.end

		if s.tag == ([2]int{}) && s.digest == ([2]int{}) {
			s.rest = placeholderTail.FindString(placeholder(text, end))
		}

		found = append(found, s)
	}
}

// named tells that a text names an image of a family in any spelling: whole, without the registry that stands elsewhere, or as some
// programs write JSON.
func (n *names) named(text string) bool {
	text = strings.ReplaceAll(text, `\/`, "/")

	return len(n.find(text)) > 0 || slices.ContainsFunc(n.images, func(image string) bool { return holdsName(text, repositoryOf(image)) })
}

func holdsName(text, name string) bool {
	for from := 0; ; {
		at := strings.Index(text[from:], name)
		if at < 0 {
			return false
		}

		at, from = from+at, from+at+len(name)
		if startsName(text[:at]) && endsName(text[from:]) {
			return true
		}
	}
}

// next is the first image named from an offset on. Each is searched for again only when what was found lies behind.
func (n *names) next(text string, from int, next []int) (at, end int) {
	at, end = len(text), len(text)

	for i, image := range n.images {
		if next[i] < from {
			if j := strings.Index(text[from:], image); j >= 0 {
				next[i] = from + j
			} else {
				next[i] = len(text)
			}
		}

		if next[i] < at {
			at, end = next[i], next[i]+len(image)
		}
	}

	return at, end
}

// placeholder is as much of a text as what stands in a tag's place can take.
func placeholder(text string, from int) string { return text[from:min(len(text), from+512)] }

func startsName(before string) bool {
	return before == "" || strings.HasSuffix(before, "://") || !nameByte(before[len(before)-1])
}

func endsName(after string) bool {
	if after == "" || !nameByte(after[0]) {
		return true
	}

	return after[0] == '.' && (len(after) == 1 || !nameByte(after[1]))
}

func nameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("_.-/", c) >= 0
}

var placeholderTail = lazyre.New(`^:(\$\{[^}]*\}|\$\([^)]*\)|\{\{[^}]*\}\}|<[^>]*>|\$[A-Za-z0-9_]+)`)
