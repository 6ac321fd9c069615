package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"
)

// colour is an ANSI select-graphic-rendition code.
type colour string

const (
	red    colour = "31"
	green  colour = "32"
	yellow colour = "33"
	cyan   colour = "36"
	bold   colour = "1"
	dim    colour = "2"
)

// paint colours s where stdout is a terminal.
func (p *Program) paint(c colour, s string) string {
	if !p.Colour || s == "" {
		return s
	}

	return "\x1b[" + string(c) + "m" + s + "\x1b[0m"
}

// printable makes text that came from outside fit for a terminal: control and
// bidirectional characters, which could move the cursor or hide what is
// written, show as �. Line breaks and tabs stay.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return '\uFFFD'
		}

		return r
	}, s)
}

// oneLine is text that came from outside as part of a line: printable, and the
// line does not end in it.
func oneLine(s string) string {
	return strings.NewReplacer("\n", "\uFFFD", "\t", "\uFFFD").Replace(printable(s))
}

// table prints rows under a header; cells may carry colour.
func (p *Program) table(header []any, rows [][]any) {
	t := table.NewWriter()
	style := table.StyleLight
	style.Options = table.Options{SeparateHeader: true}
	style.Format = table.FormatOptions{}
	t.SetStyle(style)

	for i := range header {
		header[i] = p.paint(bold, fmt.Sprint(header[i]))
	}

	t.AppendHeader(header)

	for _, row := range rows {
		t.AppendRow(row)
	}

	for line := range strings.Lines(t.Render()) {
		fmt.Fprintln(p.Stdout, strings.TrimRight(line, " \n"))
	}
}

// json prints v as the contract's JSON.
func (p *Program) json(v any) error {
	enc := json.NewEncoder(p.Stdout)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)

	return enc.Encode(v)
}

// diff prints a unified diff: coloured by line for a person, and otherwise byte
// for byte, so that git apply takes it.
func (p *Program) diff(w io.Writer, unified string) {
	if !p.Colour {
		fmt.Fprint(w, unified)

		return
	}

	for line := range strings.Lines(unified) {
		fmt.Fprint(w, p.paintDiff(strings.TrimSuffix(line, "\n")), "\n")
	}
}

func (p *Program) paintDiff(line string) string {
	switch {
	case strings.HasPrefix(line, "+++"), strings.HasPrefix(line, "---"):
		return p.paint(bold, printable(line))
	case strings.HasPrefix(line, "@@"):
		return p.paint(cyan, printable(line))
	case strings.HasPrefix(line, "+"):
		return p.paint(green, printable(line))
	case strings.HasPrefix(line, "-"):
		return p.paint(red, printable(line))
	}

	return printable(line)
}

// progressf shows one changing line on a terminal, and nothing elsewhere.
func (p *Program) progressf(format string, args ...any) {
	if p.Live {
		fmt.Fprintf(p.Stderr, "\r\x1b[K\x1b[2m%s …\x1b[0m", printable(fmt.Sprintf(format, args...)))
	}
}

// settled removes the progress line.
func (p *Program) settled() {
	if p.Live {
		fmt.Fprint(p.Stderr, "\r\x1b[K")
	}
}
