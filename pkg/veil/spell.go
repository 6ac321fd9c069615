package veil

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"text/template"
)

// formsOf are all spellings of a secret and of its parts, in lower case, each
// once and none shorter than [head].
func formsOf(secret string) []string {
	var forms []string

	for _, part := range parts(secret) {
		for _, way := range ways(part) {
			for _, form := range escaped(way) {
				if len(form) >= head {
					forms = append(forms, lower(form))
				}
			}
		}
	}

	slices.Sort(forms)

	return slices.Compact(forms)
}

// ways are how a secret travels: as it is, in base64 wherever it begins there,
// in hexadecimal, as Go prints bytes.
func ways(secret string) []string {
	return append(base64s(secret), secret, hex.EncodeToString([]byte(secret)), inDecimal(secret))
}

// inDecimal is what %v makes of bytes.
func inDecimal(secret string) string {
	return strings.Trim(fmt.Sprintf("%d", []byte(secret)), "[]")
}

// escaped is a text as it is, and as addresses, JSON, HTML and Go write it, one
// inside of another too: an address in an address in a log.
func escaped(text string) []string {
	if strings.Trim(text, never) == "" {
		return []string{text}
	}

	by, depths := escapes(), deep
	if len(text) > passwords {
		depths--
	}

	if strings.Trim(text, never+beside64) == "" {
		by = by[:ofBase64]
	}

	all, known := []string{text}, map[string]bool{text: true}

	for from, depth := 0, 0; depth < depths; depth++ {
		upto := len(all)

		for _, t := range all[from:upto] {
			for _, escape := range by {
				if e := escape(t); !known[e] {
					known[e], all = true, append(all, e)
				}
			}
		}

		from = upto
	}

	return all
}

const (
	// deep is how many escapes are one inside of another.
	deep = 3
	// passwords are this long at most. What is longer, lines of keys above all,
	// is spelled with one escape less: there is much of it.
	passwords = 56
)

// never are the characters that nothing escapes.
const never = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."

// escapes are how what is written around a secret writes it. The first
// [ofBase64] are all that change what base64 has beside never.
func escapes() []func(string) string {
	return []func(string) string{
		url.QueryEscape, url.PathEscape, inForeignJSON, inTemplate, inGo,
		userEscape, inJSON, html.EscapeString, template.HTMLEscapeString,
	}
}

const (
	ofBase64 = 5
	beside64 = "+/="
)

// userEscape is how the password of an address is written.
func userEscape(s string) string {
	return strings.TrimPrefix(url.UserPassword("", s).String(), ":")
}

// inTemplate is what html/template makes of a text: + is escaped, too.
func inTemplate(s string) string {
	return strings.ReplaceAll(template.HTMLEscapeString(s), "+", "&#43;")
}

func inJSON(s string) string {
	data, err := json.Marshal(s)
	if err != nil {
		return s
	}

	return string(data[1 : len(data)-1])
}

// inForeignJSON is how others write it: with \/ and without Go's \u003c.
func inForeignJSON(s string) string {
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&", "/", `\/`).Replace(inJSON(s))
}

func inGo(s string) string {
	quoted := strconv.Quote(s)

	return quoted[1 : len(quoted)-1]
}

// base64s are the parts of base64 texts that say a secret, after 0, 1 and 2
// other bytes, without the characters that it shares with its neighbours.
func base64s(secret string) []string {
	const bits = 6

	var out []string

	for _, alphabet := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 {
			text := alphabet.EncodeToString(append(make([]byte, before), secret...))
			from, to := (8*before+bits-1)/bits, 8*(before+len(secret))/bits
			out = append(out, text[from:to])
		}
	}

	return out
}
