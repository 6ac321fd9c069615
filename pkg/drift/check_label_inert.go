package drift

import (
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/severity"
)

func labelInert() Check {
	return Check{
		ID: "label-inert", Severity: severity.Warning, Title: "misspelt labels and annotations that do nothing",
		Doc: `Kubernetes takes any label and any annotation; what reads them takes one spelling. A key that is nearly one of Pod Security
admission, Argo CD, Helm hooks or Flux, one of theirs in the wrong map, or a value that they do not know does nothing, and nobody
says so. Keys that are merely unknown are none of this check's business.`,
		find: findInert,
	}
}

func findInert(in *Input) []Finding {
	var out []Finding

	for _, o := range in.objects {
		pods := [][]string{{"metadata"}}
		if _, at := podOf(o.node); len(at) > 1 {
			pods = append(pods, append(slices.Clone(at[:len(at)-1]), "metadata"))
		}

		for _, at := range pods {
			for _, where := range []string{"labels", "annotations"} {
				steps := append(slices.Clone(at), where)
				node.Pairs(node.Get(o.node, steps...), func(key, value *yaml.Node) {
					if f, ok := inert(where, key.Value, value.Value); ok {
						f.Place, f.Name = o.at(append(steps, key.Value)...), key.Value
						out = append(out, f)
					}
				})
			}
		}
	}

	return out
}

// inert judges one label or annotation.
func inert(where, key, value string) (Finding, bool) {
	if i := slices.IndexFunc(wellKnown, func(k knownKey) bool { return k.key == key }); i >= 0 {
		return misused(wellKnown[i], where, value)
	}

	near, distance := "", 3

	for _, k := range wellKnown {
		if d := keyDistance(key, k.key); d < distance {
			near, distance = k.key, d
		}
	}

	if near == "" || slices.Contains(alsoReal, key) {
		return Finding{}, false
	}

	return Finding{
		Message:  fmt.Sprintf("%s %s does nothing: nothing reads a key of that name", strings.TrimSuffix(where, "s"), key),
		Expected: near, Actual: key, Fix: "Call it " + near + ".",
	}, true
}

// misused judges a key that is spelt right.
func misused(k knownKey, where, value string) (Finding, bool) {
	if k.where != where {
		return Finding{
			Message:  fmt.Sprintf("%s is read as one of the %s, and does nothing among the %s", k.key, k.where, where),
			Expected: k.where, Actual: where, Fix: "Move it to the object's " + k.where + ".",
		}, true
	}

	for v := range strings.SplitSeq(value, ",") {
		if v = strings.TrimSpace(v); len(k.values) > 0 && !strings.ContainsAny(v, "{$") && !slices.Contains(k.values, v) {
			return Finding{
				Message:  fmt.Sprintf("%s knows no value %q, so it does nothing", k.key, v),
				Expected: strings.Join(k.values, ", "), Actual: v, Fix: "Write one of " + strings.Join(k.values, ", ") + ".",
			}, true
		}
	}

	return Finding{}, false
}

// letters leaves the punctuation of a key out.
func letters(key string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune("-._/", r) {
			return -1
		}

		return r
	}, key))
}

// keyDistance is how far two keys are apart: the prefix and the name may each be off by a little, punctuation by any amount.
func keyDistance(a, b string) int {
	prefixA, nameA, prefixed := strings.Cut(a, "/")
	prefixB, nameB, _ := strings.Cut(b, "/")

	switch {
	case !prefixed:
		return 99
	case nameA == nameB && slices.Contains(wrongPrefixes[prefixB], prefixA):
		return 1
	case len(a) > len(b)+4 || len(b) > len(a)+4:
		return 99 // too far, whatever the letters: most keys are
	case letters(a) == letters(b):
		return 1
	case prefixA == prefixB && len(nameB) < 5 && distance(nameA, nameB) > 1:
		return 99 // two letters of four make another word
	}

	d := distance(prefixA, prefixB) + distance(nameA, nameB)
	if prefixA != prefixB && nameA != nameB {
		d++
	}

	return d
}
