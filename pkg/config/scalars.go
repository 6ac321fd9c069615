package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// maxText bounds a text of a file, in code points. A JSON Schema can say it too.
const maxText = 1000

// mistake is what is wrong with a scalar, before it is known where that stands.
type mistake struct{ message, hint string }

func (m *mistake) Error() string { return m.message }

func wrong(hint, format string, args ...any) error {
	return &mistake{fmt.Sprintf(format, args...), hint}
}

// text is a scalar text that parse turns into a T; what is its name for people.
func text[T any](what string, parse func(string) (T, error)) shape[T] {
	schema := &Schema{Type: "string", kind: what, MaxLength: new(maxText)}
	return shape[T]{schema: schema, decode: func(d *decoder, at place, into *T) {
		if !d.enter(at) {
			return
		}
		n := resolve(at.node)
		if tag := n.ShortTag(); n.Kind != yaml.ScalarNode || tag != "!!str" && tag != "!!timestamp" {
			d.fail(at, "must be a text ("+what+"), not "+kind(n), quoteHint(n, parse))
			return
		}
		if err := printable(n.Value); err != nil {
			d.failWith(at, err)
			return
		}
		v, err := parse(n.Value)
		if err != nil {
			d.failWith(at, err)
			return
		}
		*into = v
	}}
}

// quoteHint tells what to do with a scalar that YAML takes for something else: quotes, where they are all it needs.
func quoteHint[T any](n *yaml.Node, parse func(string) (T, error)) string {
	if n.Kind != yaml.ScalarNode {
		return ""
	}
	_, err := parse(n.Value)
	if m, ok := errors.AsType[*mistake](err); ok {
		return m.hint
	}
	return "write it in quotes"
}

func (d *decoder) failWith(at place, err error) {
	if m, ok := errors.AsType[*mistake](err); ok {
		d.fail(at, m.message, m.hint)
		return
	}
	d.fail(at, err.Error(), "")
}

// printable refuses what a terminal or a page would obey, and what is too long for any key.
func printable(s string) error {
	if utf8.RuneCountInString(s) > maxText {
		return wrong("", "is longer than %d characters", maxText)
	}
	for _, r := range strings.TrimRight(s, "\n") {
		if !unicode.IsPrint(r) && r != '\n' {
			return wrong("delete it", "holds the invisible character %U", r)
		}
	}
	return nil
}

// sentence is free text; line breaks become blanks.
func sentence() shape[string] {
	return text("text", func(s string) (string, error) {
		s = strings.Join(strings.Fields(s), " ")
		if s == "" {
			return "", wrong("write a few words", "is empty")
		}
		return s, nil
	}).constrained(func(s *Schema) { s.MinLength = new(1) })
}

// matching is a text that the pattern describes. The pattern is in the schema too: it must mean the same in ECMA-262.
func matching(what, pattern, hint string) shape[string] {
	re := regexp.MustCompile(pattern)
	return text(what, func(s string) (string, error) {
		if !re.MatchString(s) {
			return "", wrong(hint, "%s is not %s", quote(s), article(what))
		}
		return s, nil
	}).constrained(func(s *Schema) { s.Pattern = pattern })
}

func article(what string) string {
	if strings.ContainsRune("aeio", rune(what[0])) {
		return "an " + what
	}
	return "a " + what
}

// oneOf is one of those words.
func oneOf[T ~string](what string, words ...T) shape[T] {
	known := make([]string, len(words))
	for i, w := range words {
		known[i] = string(w)
	}
	return text(what, func(s string) (T, error) {
		if !slices.Contains(known, s) {
			return "", wrong(suggest(s, known), "%s is not %s", quote(s), article(what))
		}
		return T(s), nil
	}).constrained(func(s *Schema) { s.Enum, s.MaxLength = known, nil })
}

// boolean is true or false, and none of YAML's older words for them.
func boolean() shape[bool] {
	schema := &Schema{Type: "boolean", kind: "true or false"}
	return shape[bool]{schema: schema, decode: func(d *decoder, at place, into *bool) {
		n := resolve(at.node)
		if !d.enter(at) {
			return
		}
		if n.Kind != yaml.ScalarNode || n.Value != "true" && n.Value != "false" || n.ShortTag() != "!!bool" {
			d.fail(at, "must be true or false", "")
			return
		}
		*into = n.Value == "true"
	}}
}

// integer is a decimal number from least on.
func integer[T int | int64](least int) shape[T] {
	schema := &Schema{Type: "integer", kind: "number", Minimum: &least}
	return shape[T]{schema: schema, decode: func(d *decoder, at place, into *T) {
		n := resolve(at.node)
		if !d.enter(at) {
			return
		}
		if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!int" {
			d.fail(at, "must be a whole number, not "+kind(n), "")
			return
		}
		v, err := strconv.ParseInt(n.Value, 10, 64)
		if err != nil || v < int64(least) || int64(T(v)) != v {
			d.fail(at, fmt.Sprintf("%s is not a decimal number from %d on", quote(n.Value), least), "")
			return
		}
		*into = T(v)
	}}
}

// formatNumber is the version of the format: always the one.
func formatNumber() shape[int] {
	return integer[int](formatVersion).constrained(func(s *Schema) { s.Const, s.Minimum, s.sample = formatVersion, nil, strconv.Itoa(formatVersion) })
}
