package rival

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// json5 reads JSON, also with comments, trailing commas, single quotes and bare keys. Each node has the line of the text.
func json5(data []byte) (*yaml.Node, error) {
	if !utf8.Valid(data) {
		return nil, errors.New("not UTF-8")
	}

	docs, err := documents([]byte(flow(strings.TrimPrefix(string(data), "\ufeff"))))
	if err != nil {
		return nil, fmt.Errorf("not JSON: %s", strings.TrimPrefix(errors.Unwrap(err).Error(), "yaml: "))
	}

	if len(docs) != 1 || docs[0].Kind != yaml.MappingNode {
		return nil, errors.New("not a JSON object")
	}

	return docs[0], nil
}

// flow rewrites JSON5 as YAML's flow style, line by line: what YAML does not have becomes blanks or gets other quotes.
func flow(s string) string {
	var b strings.Builder

	for i := 0; i < len(s); {
		switch rest := s[i:]; {
		case strings.HasPrefix(rest, "//"):
			i += untilEnd(rest, "\n", 0)
		case strings.HasPrefix(rest, "/*"):
			n := untilEnd(rest, "*/", 2)
			b.WriteString(strings.Repeat("\n", strings.Count(rest[:n], "\n")) + " ")

			i += n
		case s[i] == '"' || s[i] == '\'':
			n := quoted(rest)
			b.WriteString(requote(rest[:n]))

			i += n
		case s[i] == ':':
			b.WriteString(": ")

			i++
		case s[i] == '\t':
			b.WriteByte(' ')

			i++
		default:
			b.WriteByte(s[i])

			i++
		}
	}

	return b.String()
}

// untilEnd is the length of what ends with a word, the word included if so many of its bytes belong to it.
func untilEnd(s, end string, included int) int {
	if n := strings.Index(s[1:], end); n >= 0 {
		return 1 + n + included
	}

	return len(s)
}

// quoted is the length of the text that s begins with, its quotes included.
func quoted(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case s[0], '\n':
			return i + 1
		}
	}

	return len(s)
}

// requote gives a text in single quotes double ones, which YAML and JSON read alike.
func requote(s string) string {
	if s[0] == '"' || len(s) < 2 {
		return s
	}

	inner := strings.NewReplacer(`\\`, `\\`, `\'`, `'`, `"`, `\"`).Replace(s[1 : len(s)-1])

	return `"` + inner + `"`
}
