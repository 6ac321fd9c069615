package subset

import (
	"encoding/json"
	"slices"
	"strings"
)

// Owner is who an API server says last set a field.
type Owner struct {
	Manager string // kubectl-set, argocd-controller
	Time    string // RFC 3339; empty: unknown
}

// Owners are those of the field under some steps of a live object, by the managedFields of its metadata. Nobody is known where the
// server was not told, or the object was read without them.
func Owners(object map[string]any, steps []string) []Owner {
	metadata, _ := object["metadata"].(map[string]any)
	entries, _ := metadata["managedFields"].([]any)

	var out []Owner

	for _, e := range entries {
		entry, _ := e.(map[string]any)
		fields, _ := entry["fieldsV1"].(map[string]any)

		if !owns(fields, steps) {
			continue
		}

		o := Owner{Manager: text(entry["manager"]), Time: text(entry["time"])}
		if o.Manager != "" && !slices.Contains(out, o) {
			out = append(out, o)
		}
	}

	return out
}

// owns walks the field set: f:key for a key, k:{…} for an item. A field that is owned as a whole has nothing below it.
func owns(fields map[string]any, steps []string) bool {
	for i, step := range steps {
		next, ok := below(fields, step)
		if !ok {
			return i > 0 && len(fields) == 0
		}

		fields = next
	}

	return true
}

func below(fields map[string]any, step string) (map[string]any, bool) {
	if !strings.HasPrefix(step, "[") {
		next, ok := fields["f:"+step].(map[string]any)

		return next, ok
	}

	want := strings.Split(strings.Trim(step, "[]"), ",")

	for key, value := range fields {
		encoded, ok := strings.CutPrefix(key, "k:")
		if !ok {
			continue
		}

		var item map[string]any
		if json.Unmarshal([]byte(encoded), &item) != nil {
			continue
		}

		fits := !slices.ContainsFunc(want, func(pair string) bool {
			name, v, _ := strings.Cut(pair, "=")

			return text(item[name]) != v
		})

		if next, ok := value.(map[string]any); ok && fits {
			return next, true
		}
	}

	return nil, false
}
