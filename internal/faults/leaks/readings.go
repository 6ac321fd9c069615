package leaks

import (
	"encoding/base64"
	"encoding/hex"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// deep is how many spellings inside of another are undone.
const deep = 3

// readings are all ways to read a text, each once.
func readings(text string) []string {
	all := []string{text}

	for from, depth := 0, 0; depth < deep; depth++ {
		upto := len(all)

		for _, t := range all[from:upto] {
			for _, undo := range []func(string) string{unbroken, plain, unbased, unhexed, uncounted} {
				if r := undo(t); r != "" && !slices.Contains(all, r) {
					all = append(all, r)
				}
			}
		}

		from = upto
	}

	return all
}

// unbroken is a text without line breaks, and without what indents the rest.
func unbroken(text string) string { return breaks.ReplaceAllString(text, "") }

var breaks = regexp.MustCompile(`(?:\r|\n|\\+r|\\+n)[ \t>]*`)

// plain undoes escapes.
func plain(text string) string {
	text = percent.ReplaceAllStringFunc(text, func(e string) string { return character(e[1:]) })
	text = unicode.ReplaceAllStringFunc(text, func(e string) string { return character(e[len(e)-4:]) })

	return strings.ReplaceAll(html.UnescapeString(text), `\`, "")
}

var (
	percent = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
	unicode = regexp.MustCompile(`\\+u00[0-9A-Fa-f]{2}`)
)

func character(hexadecimal string) string {
	n, err := strconv.ParseUint(hexadecimal, 16, 8)
	if err != nil {
		return ""
	}

	return string([]byte{byte(n)})
}

// unbased are all that may be base64, undone from each place where it may begin.
func unbased(text string) string {
	var out strings.Builder

	for _, run := range based.FindAllString(text, -1) {
		run = strings.NewReplacer("-", "+", "_", "/").Replace(run)

		for from := range 4 {
			part := run[min(from, len(run)):]
			if len(part)%4 == 1 { // one character alone says nothing
				part = part[:len(part)-1]
			}

			if data, err := base64.RawStdEncoding.DecodeString(part); err == nil && len(data) > 0 {
				out.Write(data)
				out.WriteString("\n")
			}
		}
	}

	return out.String()
}

var based = regexp.MustCompile(`[A-Za-z0-9+/_-]{12,}`)

func unhexed(text string) string {
	var out strings.Builder

	for _, run := range hexed.FindAllString(text, -1) {
		for from := range 2 {
			part := run[from:]
			if data, err := hex.DecodeString(part[:len(part)/2*2]); err == nil {
				out.Write(data)
				out.WriteString("\n")
			}
		}
	}

	return out.String()
}

var hexed = regexp.MustCompile(`[0-9a-fA-F]{24,}`)

// uncounted are all that may be bytes as Go prints them, in decimal.
func uncounted(text string) string {
	var out strings.Builder

	for _, run := range counted.FindAllString(text, -1) {
		for number := range strings.FieldsSeq(run) {
			if n, err := strconv.ParseUint(number, 10, 8); err == nil {
				out.WriteByte(byte(n))
			}
		}

		out.WriteString("\n")
	}

	return out.String()
}

var counted = regexp.MustCompile(`\d{1,3}(?: \d{1,3}){7,}`)
