package leaks_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/goingdark-social/bot/internal/faults/leaks"
)

// key has the shape of a key's file.
var key = "-----BEGIN PRIVATE KEY-----\n" + strings.Repeat("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC+/nB", 1) + "\nQ29uZmlkZW50aWFsQ2FuYXJ5S2V5TGluZTI\n-----END PRIVATE KEY-----\n"

// spellings are ways in which something comes out.
var spellings = map[string]func(string) string{
	"as it is":            func(s string) string { return s },
	"in another case":     strings.ToUpper,
	"base64":              func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64, one before":  func(s string) string { return base64.StdEncoding.EncodeToString([]byte("u" + s)) },
	"base64, with a user": func(s string) string { return base64.StdEncoding.EncodeToString([]byte("x-access-token:" + s)) },
	"base64 for URLs":     func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte("ab" + s)) },
	"base64 in lines": func(s string) string {
		b := base64.StdEncoding.EncodeToString([]byte("user:" + s))

		return b[:len(b)/2] + "\r\n" + b[len(b)/2:]
	},
	"base64 in an address": func(s string) string { return url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(s))) },
	"in an address":        url.QueryEscape,
	"in a path":            url.PathEscape,
	"in HTML":              html.EscapeString,
	"in JSON":              inJSON,
	"JSON in JSON":         func(s string) string { return inJSON(inJSON(s)) },
	"quoted by Go":         func(s string) string { return fmt.Sprintf("%q", s) },
	"in two lines":         func(s string) string { return s[:9] + "\n" + s[9:] },
	"in two lines of JSON": func(s string) string { return inJSON(s[:9] + "\n" + s[9:]) },
	"in an indented block": func(s string) string { return s[:9] + "\n    " + s[9:] },
	"bytes, by Go":         func(s string) string { return fmt.Sprintf("%d", []byte(s)) },
	"hexadecimal":          func(s string) string { return hex.EncodeToString([]byte(s)) },
}

func inJSON(s string) string {
	data, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}

	return string(data)
}

// TestFindsWhatIsPlanted: each secret in each spelling, wherever it is.
func TestFindsWhatIsPlanted(t *testing.T) {
	t.Parallel()

	for name, value := range map[string]string{
		"token": "github_pat_11CANARYabc123", "password": "cAnary0123p4ss", "line of a key": strings.Split(key, "\n")[1],
		"URL": "https://hooks.slack.com/services/T1/B2/cAnaryHook42",
	} {
		secrets := leaks.Of(name, value)

		for spelling, spell := range spellings {
			for _, around := range []string{"%s", "words before %s and behind", `{"error":"you sent %s"}`, "<td>%s</td>", "a=%s&b=c"} {
				got := leaks.Find(map[string]string{"the log": strings.Replace(around, "%s", spell(value), 1), "a page": "nothing"}, secrets)
				if len(got) == 0 || !strings.Contains(got[0], "the log shows "+name) {
					t.Errorf("%s, %s, in %q: %q", name, spelling, around, got)
				}
			}
		}
	}
}

// TestFindsKeys: whole, in base64 and by a line alone.
func TestFindsKeys(t *testing.T) {
	t.Parallel()

	secrets := leaks.Of("the key", key)
	if len(secrets) != 2 {
		t.Fatalf("%d lines", len(secrets))
	}

	for name, text := range map[string]string{
		"whole": key, "base64": base64.StdEncoding.EncodeToString([]byte(key)), "one line": "x" + secrets[1].Value + "y",
		"without breaks": strings.ReplaceAll(key, "\n", ""), "quoted": fmt.Sprintf("%q", key), "indented": strings.ReplaceAll(key, "\n", "\n      "),
	} {
		if got := leaks.Find(map[string]string{"x": text}, secrets); len(got) == 0 {
			t.Errorf("%s: not found", name)
		}
	}
}

// TestFindsNothingElse: what only looks like it is not it.
func TestFindsNothingElse(t *testing.T) {
	t.Parallel()

	text := "github_pat_[redacted] " + base64.StdEncoding.EncodeToString([]byte("x-access-token:[redacted]")) + " CANARY abc 123\n" + url.QueryEscape("cAnary p4ss")
	if got := leaks.Find(map[string]string{"x": text}, []leaks.Secret{{Name: "token", Value: "github_pat_11CANARYabc123"}, {Name: "password", Value: "cAnary0123p4ss"}}); len(got) > 0 {
		t.Errorf("found %q", got)
	}
}
