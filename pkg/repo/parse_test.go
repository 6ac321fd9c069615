package repo

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestParseTreeRefusesWhatLeadsElsewhere(t *testing.T) {
	t.Parallel()

	hash := strings.Repeat("\x01", 20)

	for _, name := range []string{"", ".", "..", "a/b", "../x", "/"} {
		if _, err := parseTree([]byte("100644 " + name + "\x00" + hash)); !errors.Is(err, errTree) {
			t.Errorf("%q: err = %v", name, err)
		}
	}

	for _, raw := range []string{"x", "100644 a", "100644 a\x00short", "9 a\x00" + hash, "100000644 a\x00" + hash, "170000 a\x00" + hash} {
		if _, err := parseTree([]byte(raw)); !errors.Is(err, errTree) {
			t.Errorf("%q: err = %v", raw, err)
		}
	}

	t.Run("order", func(t *testing.T) {
		t.Parallel()

		in := tree{{mode: modeDir, name: "a"}, {mode: modeFile, name: "a.b"}, {mode: modeFile, name: "a0"}}
		if want := (tree{in[1], in[0], in[2]}).encode(); !bytes.Equal(in.encode(), want) {
			t.Errorf("encode = %q", in.encode())
		}
	})
}

func TestParsePerson(t *testing.T) {
	t.Parallel()

	for line, want := range map[string]Person{
		"Ada <ada@example.org> 1767323045 +0130": {"Ada", "ada@example.org", time.Unix(1767323045, 0)},
		"Ada <a>b> 5 -0000":                      {"Ada", "a>b", time.Unix(5, 0)},
		"no address":                             {Name: "no address"},
		" <> x":                                  {},
		"> <":                                    {Name: "> <"},
		"":                                       {},
	} {
		got := parsePerson(line)
		if got.Name != want.Name || got.Email != want.Email || !got.When.Equal(want.When) {
			t.Errorf("%q = %+v, want %+v", line, got, want)
		}
	}

	if got := (Person{Name: "E<vil>\n", Email: "a\nb>", When: time.Unix(1, 0)}).line(); got != "Evil <ab> 1 +0000" {
		t.Errorf("line = %q", got)
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()

	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

	for value, want := range map[string]time.Duration{
		"": 0, "soon": 0, "-5": 0, "7": 7 * time.Second, "Fri, 02 Jan 2026 03:05:05 GMT": time.Minute, "Thu, 01 Jan 2026 00:00:00 GMT": 0,
	} {
		if got := retryAfter(value, now); got != want {
			t.Errorf("%q = %s, want %s", value, got, want)
		}
	}
}

func FuzzParseTree(f *testing.F) {
	hash := strings.Repeat("\xab", 20)
	f.Add([]byte("100644 a.yaml\x00" + hash + "40000 dir\x00" + hash))
	f.Add([]byte("100664 old\x00" + hash + "120000 link\x00" + hash + "160000 sub\x00" + hash))
	f.Add([]byte("040000 padded\x00" + hash))
	f.Add([]byte("100644 ..\x00" + hash))
	f.Fuzz(func(t *testing.T, data []byte) {
		parsed, err := parseTree(data)
		if err != nil {
			return
		}

		again, err := parseTree(parsed.encode())
		if err != nil || len(again) != len(parsed) {
			t.Errorf("%q: encoded and parsed again: %v, %v", data, again, err)
		}
	})
}

func FuzzParseHeader(f *testing.F) {
	f.Add([]byte("tree " + strings.Repeat("a", 40) + "\nparent " + strings.Repeat("b", 40) +
		"\nauthor A <a@b> 1 +0200\ncommitter C <c@d> 2 -0330\ngpgsig x\n y\n\nmessage\n\nbody\n"))
	f.Add([]byte("tree 00\n\n"))
	f.Add([]byte("author <<>>> 99999999999999999999 +9999"))
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := parseHeader(data)
		if err != nil {
			return
		}

		again, err := parseHeader(h.encode())
		if err != nil || again.tree != h.tree || again.message != h.message || len(again.parents) != len(h.parents) {
			t.Errorf("%q: encoded and parsed again: %+v, %v", data, again, err)
		}
	})
}

func FuzzParseAddress(f *testing.F) {
	for _, seed := range []string{
		"https://github.com/owner/name", "git@github.com:owner/name.git", "ssh://git@[::1]:22/x", "http://u:p@localhost/x?y#z", "://", "@:", "https://a@b@c/d",
	} {
		f.Add(seed)
	}

	f.Fuzz(func(t *testing.T, raw string) {
		const secret = "canary4711"

		for _, url := range []string{raw, "https://user:" + secret + "@" + raw} {
			a, err := parseAddress(url)
			_, authority, _ := strings.Cut(a.clean, "://")
			authority, _, _ = strings.Cut(authority, "/")

			if strings.Contains(authority, "@") {
				t.Errorf("%q: userinfo shows in %q", url, a.clean)
			}

			if strings.Contains(raw, secret) || strings.ContainsAny(raw, "/?#@\\") {
				continue
			}

			if err != nil && strings.Contains(err.Error(), secret) || strings.Contains(a.clean, secret) {
				t.Errorf("%q: the password shows: %v %q", url, err, a.clean)
			}
		}
	})
}

func FuzzBadPath(f *testing.F) {
	for _, seed := range []string{"a/b", "../a", ".git/x", "a/.GIT ./b", "git~1", "\u200c.git", "C:\\x", "-rf", "a\nb"} {
		f.Add(seed)
	}

	f.Fuzz(func(t *testing.T, path string) {
		if badPath(path) != "" {
			return
		}

		for part := range strings.SplitSeq(path, "/") {
			if part == "" || part == "." || part == ".." || strings.EqualFold(part, ".git") || strings.ContainsAny(part, "\\\x00") {
				t.Errorf("%q was taken", path)
			}
		}
	})
}
