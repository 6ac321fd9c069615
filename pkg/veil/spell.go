package veil

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"strconv"
	"strings"
	"text/template"
)

// spellings are the ways in which a secret travels: as it is, in base64
// wherever it begins there, in hexadecimal, in another case (as hosts and
// headers are), and each of them as addresses, JSON, HTML and Go write it.
func spellings(secret string) []string {
	ways := append([]string{secret, strings.ToLower(secret), strings.ToUpper(secret)}, base64s(secret)...)
	ways = append(ways, hex.EncodeToString([]byte(secret)), strings.ToUpper(hex.EncodeToString([]byte(secret))))

	var out []string

	for _, w := range ways {
		out = append(out, w)

		for _, escape := range escapes {
			e := escape(w)
			out = append(out, e, inJSON(e), inGo(e)) // an answer inside of a log, and the like
		}
	}

	return out
}

// escapes are how what is written around a secret writes it.
var escapes = []func(string) string{
	url.QueryEscape, url.PathEscape, lowerEscape, inJSON, html.EscapeString, template.HTMLEscapeString, inTemplate, inGo,
}

func lowerEscape(s string) string {
	escaped := []byte(url.QueryEscape(s))

	for i := 0; i+2 < len(escaped); i++ {
		if escaped[i] == '%' {
			copy(escaped[i+1:], strings.ToLower(string(escaped[i+1:i+3])))
		}
	}

	return string(escaped)
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
