package veil

import (
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

// ofAddress are the password of an address, plain and escaped, those among its
// parameters, and the path that is the secret of a webhook.
func ofAddress(address string) []string {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}

	var out []string

	if password, ok := u.User.Password(); ok {
		out = append(out, password)

		// As it is written there, which may be another escape than ours.
		if user, _, ok := strings.Cut(strings.TrimPrefix(address, u.Scheme+"://"), "@"); ok {
			_, written, _ := strings.Cut(user, ":")
			out = append(out, written)
		}
	}

	for name, values := range u.Query() {
		if strings.Contains(name, "password") || strings.Contains(name, "token") {
			out = append(out, values...)
		}
	}

	if strings.HasPrefix(u.Scheme, "http") && u.User == nil {
		out = append(out, u.Path, u.Path[strings.LastIndex(u.Path, "/")+1:])
	}

	return out
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
