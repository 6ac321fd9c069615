package weigh_test

import (
	"errors"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/weigh"
)

// TestValues: however a text packs its values, at least half of them are counted.
func TestValues(t *testing.T) {
	t.Parallel()

	for name, text := range map[string]string{
		"lists in a list": strings.Repeat("- []\n", 1000), "a line of lists": strings.Repeat("- ", 1000) + "x",
		"flow": "[" + strings.Repeat("[],", 1000) + "]", "nested": strings.Repeat("[", 1000) + strings.Repeat("]", 1000),
		"keys alone": "{" + strings.Repeat("a,", 1000) + "}", "mappings": strings.Repeat("a: b\n", 1000), "complex keys": strings.Repeat("? a\n", 1000),
		"nothing after the colon": strings.Repeat("a:\n", 1000), "aliases": "a: &a x\nb: [" + strings.Repeat("*a,", 1000) + "]",
		"Windows": strings.Repeat("a: b\r\n", 1000), "old Mac": strings.Repeat("a: b\r", 1000), "JSON": `{"a":[` + strings.Repeat(`{"b":1},`, 1000) + `0]}`,
	} {
		var n yaml.Node
		if err := yaml.Unmarshal([]byte(text), &n); err != nil {
			t.Fatalf("%s: %v", name, err)
		}

		if is, said := count(&n), weigh.Values(text); is > 2*said+2 {
			t.Errorf("%s: %d values, and %d were counted", name, is, said)
		}
	}
}

func count(n *yaml.Node) int {
	all := 1
	for _, c := range n.Content {
		all += count(c)
	}

	return all
}

func TestCheck(t *testing.T) {
	t.Parallel()

	if err := weigh.Check(strings.Repeat("some words of a long text without end\n", weigh.Max-10)); err != nil {
		t.Error(err)
	}

	var heavy *weigh.Error
	if err := weigh.Check([]byte(strings.Repeat("- []\n", weigh.Max/2))); !errors.As(err, &heavy) {
		t.Error(err)
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()

	for _, c := range []struct {
		name, text  string
		least, most int
	}{
		{"prose", strings.Repeat("A *word* and a [link](to).\nAnd another line.\n\n", 1_000), 1_000, 100_000},
		{"a list without a blank line", strings.Repeat("- *x*: [a](b)\n", 1_000), 1_000, 50_000_000},
		{"marks in one paragraph", strings.Repeat("_a*", 100_000), 40_000_000_000, 1 << 40},
		{"brackets", strings.Repeat("[v4.4.3](", 100_000), 40_000_000_000, 1 << 40},
		{"quotations in quotations", strings.Repeat("> ", 100_000), 10_000_000_000, 1 << 40},
		{"lists in lists", strings.Repeat("1. ", 100_000), 10_000_000_000, 1 << 40},
		{"a rule", strings.Repeat("-", 1_000) + "\n", 1_000_000, 1_000_000},
		{"nothing", "", 0, 0},
	} {
		if got := weigh.Markdown(c.text); got < c.least || got > c.most {
			t.Errorf("%s: %d steps", c.name, got)
		}
	}
}
