package subset

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Difference is one place where the live object is not what was rendered.
type Difference struct {
	// Steps lead to it: keys, and in brackets what identifies an item of a list ([name=web], [3]).
	Steps []string
	// Want and Have are the two values in words; Have is empty where there is none.
	Want, Have string
}

// Path is the steps as a person reads them: spec.template.spec.containers[name=web].image.
func (d Difference) Path() string {
	var b strings.Builder

	for i, step := range d.Steps {
		if i > 0 && !strings.HasPrefix(step, "[") {
			b.WriteByte('.')
		}

		b.WriteString(step)
	}

	return b.String()
}

// Compare finds what of the wanted value the live one does not have. What the live one has beyond it is no difference.
func Compare(want, have any, steps ...string) []Difference {
	want, have = plain(want), plain(have)

	if have == nil && empty(want) || scalar(want) && scalar(have) && same(want, have, steps) {
		return nil
	}

	switch w := want.(type) {
	case map[string]any:
		if h, ok := have.(map[string]any); ok {
			return mappings(w, h, steps)
		}
	case []any:
		if h, ok := have.([]any); ok {
			return lists(w, h, steps)
		}
	}

	return []Difference{{slices.Clone(steps), words(want), words(have)}}
}

func mappings(want, have map[string]any, steps []string) []Difference {
	var out []Difference

	for _, key := range slices.Sorted(maps.Keys(want)) {
		out = append(out, Compare(want[key], have[key], with(steps, key)...)...)
	}

	return out
}

// lists compares item by item: by what identifies them where something does, else by their place.
func lists(want, have []any, steps []string) []Difference {
	keys := identity(want, have)
	if keys == nil {
		return ordered(want, have, steps)
	}

	byKey := map[string]any{}
	for _, item := range have {
		byKey[step(item, keys)] = item
	}

	var out []Difference

	for _, item := range want {
		at := with(steps, step(item, keys))

		if found, ok := byKey[step(item, keys)]; ok {
			out = append(out, Compare(item, found, at...)...)
		} else {
			out = append(out, Difference{at, words(item), ""})
		}
	}

	return out
}

func ordered(want, have []any, steps []string) []Difference {
	if len(want) != len(have) || !composed(want) {
		if reflect.DeepEqual(texts(want), texts(have)) {
			return nil
		}

		return []Difference{{slices.Clone(steps), words(want), words(have)}}
	}

	var out []Difference
	for i := range want {
		out = append(out, Compare(want[i], have[i], with(steps, fmt.Sprintf("[%d]", i))...)...)
	}

	return out
}

// identities are the keys by which an API server merges lists, the surest first.
var identities = [][]string{
	{"name"},
	{"mountPath"},
	{"containerPort", "protocol"},
	{"containerPort"},
	{"port", "protocol"},
	{"port"},
	{"topologyKey", "whenUnsatisfiable"},
	{"topologyKey"},
	{"type", "status"},
	{"ip"},
	{"key"},
	{"secretKey"},
	{"id"},
	{"uid"},
}

// identity finds keys that every item of both lists has, and no two share; nil when there are none.
func identity(want, have []any) []string {
	for _, keys := range identities {
		if unique(want, keys) && unique(have, keys) {
			return keys
		}
	}

	return nil
}

func unique(list []any, keys []string) bool {
	seen := map[string]bool{}

	for _, item := range list {
		m, ok := item.(map[string]any)
		if !ok {
			return false
		}

		for _, key := range keys {
			if m[key] == nil || !scalar(m[key]) {
				return false
			}
		}

		s := step(m, keys)
		if seen[s] {
			return false
		}

		seen[s] = true
	}

	return len(list) > 0
}

func step(item any, keys []string) string {
	m, _ := item.(map[string]any)
	parts := make([]string, 0, len(keys))

	for _, key := range keys {
		parts = append(parts, key+"="+text(m[key]))
	}

	return "[" + strings.Join(parts, ",") + "]"
}

func with(steps []string, next string) []string { return append(slices.Clone(steps), next) }

func composed(list []any) bool {
	return slices.ContainsFunc(list, func(v any) bool { return !scalar(v) })
}
