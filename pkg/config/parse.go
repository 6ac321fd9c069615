package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// maxFile bounds a configuration file, in bytes. The largest sensible one has a few kilobytes.
const maxFile = 1 << 20

// ParsePolicy reads a bot.yaml; name is what errors call it. The error is [Errors], with every mistake of the file.
func ParsePolicy(name string, data []byte) (*Policy, error) {
	return parse(name, data, policyShape(), DefaultPolicy())
}

// ParseOperator reads an operator's file; name is what errors call it. The error is [Errors], with every mistake of
// the file.
func ParseOperator(name string, data []byte) (*Operator, error) {
	return parse(name, data, operatorShape(), DefaultOperator())
}

func parse[T any](name string, data []byte, s shape[T], into *T) (*T, error) {
	root, err := load(name, data)
	if err != nil {
		return nil, Errors{err}
	}
	d := &decoder{file: name}
	at := place{node: root}
	// The keys of another version can't be judged by this one's table.
	if d.checkVersion(at) {
		s.decode(d, at, into)
	}
	if len(d.errs) > 0 {
		d.errs.sort()
		return nil, d.errs
	}
	return into, nil
}

// checkVersion says whether the file is one that this program reads.
func (d *decoder) checkVersion(at place) bool {
	v := resolve(at.key("version").node)
	if v == nil || v.Kind != yaml.ScalarNode || v.ShortTag() != "!!int" || v.Value == strconv.Itoa(formatVersion) {
		return true // the table finds what is wrong, if anything is
	}
	d.fail(at.key("version"), fmt.Sprintf("version %s of the format is not known", quote(v.Value)),
		fmt.Sprintf("this program reads version %d: write that, or use a newer program", formatVersion))
	return false
}

// load returns the root node of the only document.
func load(name string, data []byte) (*yaml.Node, *Error) {
	if len(data) > maxFile {
		return nil, &Error{File: name, Message: fmt.Sprintf("the file has %d bytes, more than the %d allowed", len(data), maxFile)}
	}
	if line, column, ok := invalidUTF8(data); !ok {
		return nil, &Error{File: name, Line: line, Column: column, Message: "the file is not UTF-8", Hint: "save it as UTF-8"}
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, &Error{File: name, Line: 1, Column: 1, Message: "the file is empty", Hint: "write version: 1, or delete it"}
	} else if err != nil {
		return nil, syntaxError(name, err)
	}
	var next yaml.Node
	if err := dec.Decode(&next); err == nil {
		return nil, &Error{File: name, Line: next.Line, Column: next.Column, Message: "the file has more than one document", Hint: "keep one"}
	} else if !errors.Is(err, io.EOF) {
		return nil, syntaxError(name, err)
	}
	return doc.Content[0], nil
}

// invalidUTF8 finds the first byte that is not UTF-8.
func invalidUTF8(data []byte) (line, column int, ok bool) {
	line, column = 1, 1
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		if r == utf8.RuneError && n == 1 {
			return line, column, false
		}
		if column++; r == '\n' {
			line, column = line+1, 1
		}
		data = data[n:]
	}
	return 0, 0, true
}

// syntaxPattern takes apart the only form in which the YAML library tells where a syntax error is: its text.
const syntaxPattern = `(?s)^yaml: (?:line (\d+): )?(.*)$`

func syntaxError(name string, err error) *Error {
	e := &Error{File: name, Message: "not valid YAML: " + clip(strings.TrimPrefix(err.Error(), "yaml: "))}
	if m := regexp.MustCompile(syntaxPattern).FindStringSubmatch(err.Error()); m != nil && m[1] != "" {
		if line, convErr := strconv.Atoi(m[1]); convErr == nil {
			e.Line, e.Message = line, "not valid YAML: "+clip(m[2])
		}
	}
	return e
}
