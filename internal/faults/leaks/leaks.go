package leaks

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Secret is something that must not be found.
type Secret struct {
	// Name says what it is.
	Name string
	// Value is what is searched for, whatever the case: a piece of letters and
	// digits that no other text has.
	Value string
}

// Of is a secret, or of one of several lines each long line: a key.
func Of(name, value string) []Secret {
	if !strings.Contains(value, "\n") {
		return []Secret{{name, value}}
	}

	const long = 30

	var out []Secret

	for line := range strings.Lines(value) {
		line = strings.TrimSpace(line)
		if len(line) >= long && !strings.HasPrefix(line, "-----") {
			out = append(out, Secret{fmt.Sprintf("line %d of %s", len(out)+1, name), line})
		}
	}

	return out
}

// Find searches places, by name, and says of each secret that it found where
// that was and what stands around it.
func Find(places map[string]string, secrets []Secret) []string {
	var found []string

	for _, name := range slices.Sorted(maps.Keys(places)) {
		for _, r := range readings(places[name]) {
			text := strings.ToLower(r)

			for _, s := range secrets {
				at := strings.Index(text, strings.ToLower(s.Value))
				if at < 0 {
					continue
				}

				const around = 80

				found = append(found, fmt.Sprintf("%s shows %s: …%q…", name, s.Name, text[max(0, at-around):min(len(text), at+len(s.Value)+around)]))
			}
		}
	}

	return slices.Compact(found)
}
