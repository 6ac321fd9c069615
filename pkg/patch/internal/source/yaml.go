package source

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/internal/weigh"
)

// Doc is one parsed document.
type Doc struct {
	Root  *yaml.Node // what stands in the document
	text  Text       // the part of the stream that it was parsed from
	lines []int      // where each line of text starts, as the parser counts lines
	json  bool
}

// SyntaxError says where a text is no YAML or JSON.
type SyntaxError struct {
	Offset  int // in the file, the start of the line that the parser stumbled over
	Message string
}

func (e *SyntaxError) Error() string { return e.Message }

// ParseYAML parses every document of a stream. The error is a [*SyntaxError].
func ParseYAML(t Text) ([]*Doc, error) { return parseYAML(t, func(Text) bool { return true }) }

func parseYAML(t Text, interesting func(Text) bool) ([]*Doc, error) {
	var docs []*Doc

	left := weigh.Max

	for _, chunk := range chunks(t) {
		if !interesting(chunk) {
			continue
		}

		if left -= weigh.Values(chunk.s); left < 0 {
			return nil, &SyntaxError{Offset: chunk.Offset(0), Message: (&weigh.Error{Values: weigh.Max - left}).Error()}
		}

		more, err := parseChunk(chunk)
		if err != nil {
			return nil, &SyntaxError{Offset: chunk.Offset(stumble(chunk.s, err)), Message: err.Error()}
		}

		docs = append(docs, more...)
	}

	return docs, nil
}

// ParseChanged parses, of two texts that are to be compared, the parts that differ: documents that are equal byte by byte are equal,
// and what was no YAML before is nothing to compare. Both come back with as many documents, or the error says that they can't.
func ParseChanged(before, after Text) (was, is []*Doc, err error) {
	old, now := chunks(before), chunks(after)
	if len(old) != len(now) {
		return nil, nil, errors.New("it would have another number of documents")
	}

	for i := range old {
		if old[i].s == now[i].s {
			continue
		}

		a, err := parseChunk(old[i])
		if err != nil {
			continue // it was none before: a template
		}

		b, err := parseChunk(now[i])
		if err != nil {
			return nil, nil, fmt.Errorf("it would no longer parse: %w", err)
		}

		if len(a) != len(b) {
			return nil, nil, errors.New("it would have another number of documents")
		}

		was, is = append(was, a...), append(is, b...)
	}

	return was, is, nil
}

// largeChunk is the size from which a document that holds nothing of interest is not parsed.
const largeChunk = 1 << 20

// ParseYAMLWith is ParseYAML without large documents that the caller has no interest in.
func ParseYAMLWith(t Text, interesting func(string) bool) ([]*Doc, error) {
	return parseYAML(t, func(chunk Text) bool { return len(chunk.s) < largeChunk || interesting(chunk.s) })
}

// chunks cuts a stream where documents begin, so that memory and line numbers stay small whatever the number of documents. A line
// that starts with "---" always begins a document: inside a block scalar it would be indented. Directives ("%") belong to the
// document after them, so a stream that has some is left whole.
func chunks(t Text) []Text {
	if strings.HasPrefix(t.s, "%") || strings.Contains(t.s, "\n%") {
		return []Text{t}
	}

	var parts []Text

	start := 0

	for from := 0; ; {
		i := strings.Index(t.s[from:], "\n---")
		if i < 0 {
			return append(parts, t.Slice(start, len(t.s)))
		}

		from += i + 1
		if after := t.s[from+3:]; after == "" || strings.ContainsRune(" \t\r\n", rune(after[0])) {
			parts = append(parts, t.Slice(start, from))
			start = from
		}
	}
}

func parseChunk(t Text) (docs []*Doc, err error) {
	lines := lineStarts(t.s)

	roots, err := decode(t.s)
	for _, root := range roots {
		docs = append(docs, &Doc{Root: root, text: t, lines: lines})
	}

	return docs, err
}

var position = lazyre.New(`^(yaml: )?(line \d+: )?`)

// decode parses without a position in its error: the parser's own lines are often those of what surrounds the mistake.
func decode(s string) (roots []*yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the YAML parser gave up: %v", r)
		}
	}()

	for decoder := yaml.NewDecoder(strings.NewReader(s)); ; {
		var n yaml.Node

		switch err := decoder.Decode(&n); {
		case errors.Is(err, io.EOF):
			return roots, nil
		case err != nil:
			return roots, errors.New(position.ReplaceAllString(err.Error(), ""))
		}

		if len(n.Content) == 1 {
			roots = append(roots, n.Content[0])
		}
	}
}

// stumble finds the offset of the line at which the parser first knows of the mistake: the shortest beginning of the text that
// fails in the same way ends there.
func stumble(s string, failure error) int {
	lines := lineStarts(s)
	low, high := 1, len(lines)

	for low < high {
		middle := (low + high) / 2

		if _, err := decode(s[:lines[middle]]); err != nil && err.Error() == failure.Error() {
			high = middle
		} else {
			low = middle + 1
		}
	}

	if low > 1 && lines[low-1] == len(s) {
		low-- // the text ends in a line break: there is nothing on the line after it
	}

	return lines[low-1]
}

// lineStarts counts lines as the parser does: a lone carriage return ends one too.
func lineStarts(s string) []int {
	starts := []int{0}

	for i := range len(s) {
		switch {
		case s[i] == '\n', s[i] == '\r' && (i+1 == len(s) || s[i+1] != '\n'):
			starts = append(starts, i+1)
		}
	}

	return starts
}
