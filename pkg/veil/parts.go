package veil

import (
	"encoding/base64"
	"net/url"
	"strings"
	"unicode"

	"github.com/goingdark-social/bot/internal/lazyre"
)

const (
	// shortest is how long a secret is at least; what is shorter may be a part
	// of ordinary words.
	shortest = 8
	// passphrase is how long one of lower-case letters or digits alone is at
	// least: "mastodon" is no secret that can be hidden.
	passphrase = 18
	// shortestLine is how long a line of a key is at least.
	shortestLine = 16
)

// Plain tells whether a secret is too short or too much like a word to be told
// from what is no secret.
func Plain(secret string) bool {
	if len(secret) < shortest {
		return true
	}

	other := strings.ContainsFunc(secret, func(r rune) bool { return !unicode.IsLower(r) })
	digits := strings.Trim(secret, "0123456789") == ""

	return len(secret) < passphrase && (!other || digits)
}

// parts are a secret and what is secret of it alone.
func parts(secret string) []string {
	out := []string{secret}

	switch {
	case strings.Contains(secret, "-----BEGIN "):
		out = append(out, lines(secret)...)
	case strings.Contains(secret, "://"):
		out = append(out, ofAddress(secret)...)
	case strings.Contains(secret, "="):
		out = append(out, ofPairs(secret)...)
	}

	var secrets []string

	for _, s := range out {
		if !Plain(s) {
			secrets = append(secrets, s)
		}
	}

	return secrets
}

// lines are those of a key in PEM or armour, and all of them without breaks.
func lines(key string) []string {
	var (
		out []string
		all strings.Builder
	)

	for line := range strings.Lines(key) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "-----") || strings.Contains(line, ": ") || line == "" {
			continue
		}

		all.WriteString(line)

		if len(line) >= shortestLine {
			out = append(out, line)
		}
	}

	return append(out, all.String())
}

// ofAddress are the password of an address, plain and as it is written there,
// those among its parameters, and the path that is the secret of a webhook. It
// reads what [url.Parse] refuses as well: several hosts, a lone %.
func ofAddress(address string) []string {
	_, rest, _ := strings.Cut(address, "://")

	var out []string

	rest, query, _ := strings.Cut(rest, "?")
	for field := range strings.SplitSeq(query, "&") {
		if name, value, _ := strings.Cut(field, "="); strings.Contains(name, "password") || strings.Contains(name, "token") {
			out = append(out, value, unescaped(value, url.QueryUnescape))
		}
	}

	// A password may hold an @ that nobody escaped, and so may what follows it.
	for _, at := range []int{strings.Index(rest, "@"), strings.LastIndex(rest, "@")} {
		if _, password, ok := strings.Cut(rest[:max(at, 0)], ":"); ok {
			plain := unescaped(password, url.PathUnescape)
			out = append(out, password, plain, userEscape(plain))
			out = append(out, base64.StdEncoding.EncodeToString([]byte(unescaped(rest[:at], url.PathUnescape)))) // as HTTP sends it
		}
	}

	if !strings.Contains(rest, "@") && strings.HasPrefix(address, "http") {
		_, path, _ := strings.Cut(rest, "/")
		out = append(out, "/"+path, path[strings.LastIndex(path, "/")+1:])
	}

	return out
}

// Addresses are those in texts that hold a password, whole: arguments of a
// program, variables of its environment. What libpq takes as pairs counts too.
func Addresses(texts ...string) []string {
	var out []string

	for _, text := range texts {
		found := withPassword.FindAllString(text, -1)
		if len(found) == 0 && pair.MatchString(text) {
			found = []string{text}
		}

		out = append(out, found...)
	}

	return out
}

// withPassword is an address that has one, in front of an @ or among its parameters.
var withPassword = lazyre.New(`[A-Za-z][A-Za-z0-9+.-]*://(?:[^/\s]*:[^\s]*@|[^\s]*[?&](?:ssl)?password=)\S*`)

func unescaped(text string, by func(string) (string, error)) string {
	if plain, err := by(text); err == nil {
		return plain
	}

	return text
}

// pair is a password in what libpq takes: password='it\'s' or password=plain.
var pair = lazyre.New(`(?:ssl)?password\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\S+))`)

func ofPairs(dsn string) []string {
	var out []string

	for _, m := range pair.FindAllStringSubmatch(dsn, -1) {
		out = append(out, m[1], strings.NewReplacer(`\'`, `'`, `\\`, `\`).Replace(m[1]), m[2])
	}

	return out
}
