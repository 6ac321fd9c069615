package upstream

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

// search are the index definitions of app/chewy, one a file.
func (t *Tree) search() []facts.Search {
	var out []facts.Search
	for _, name := range slices.Sorted(maps.Keys(t.Files)) {
		if strings.HasPrefix(name, "app/chewy/") && strings.HasSuffix(name, "_index.rb") {
			out = append(out, facts.Search{
				Name: strings.TrimSuffix(path.Base(name), "_index.rb"), File: name, Digest: digest(t.Files[name].Text),
			})
		}
	}
	slices.SortFunc(out, func(a, b facts.Search) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// digest is of the words of a file: neither white space nor lines that are comments count.
func digest(text string) string {
	var words []string
	for l := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimSpace(l), "#") {
			words = append(words, strings.Fields(l)...)
		}
	}
	sum := sha256.Sum256([]byte(strings.Join(words, " ")))
	return hex.EncodeToString(sum[:6])
}
