package patch

import (
	"regexp"
	"strings"
	"testing"
)

// The grammar as patterns: slow to compile, easy to check against the specification.
var (
	wholePattern   = regexp.MustCompile(`^(?::([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$`)
	leadingPattern = regexp.MustCompile(`^(?::([A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,126}[A-Za-z0-9_])?))?(?:@(sha256:[0-9a-f]{64}))?`)
)

func FuzzTail(f *testing.F) {
	digest := "@sha256:" + strings.Repeat("0a", 32)
	for _, s := range []string{
		"", ":", ":v4.4.3", ":v4.4.3.", ":v4.4.3...", ":.v", ":-", ":_", ":v4.4.3" + digest, digest, digest + "0", ":v." + digest, ":" + digest,
		":" + strings.Repeat("x", 127), ":" + strings.Repeat("x", 128), ":" + strings.Repeat("x", 129), ":" + strings.Repeat("x", 127) + ".y",
		":" + strings.Repeat("x", 128) + digest, ":é", ":v\n", "@sha256:", "@sha512:00", ":v4.4.3@sha256:" + strings.Repeat("0A", 32), ":v:w", "v4.4.3",
	} {
		f.Add(s)
	}

	f.Fuzz(func(t *testing.T, s string) {
		got, ok := wholeTail(s)

		want := wholePattern.FindStringSubmatchIndex(s)
		if ok != (want != nil) {
			t.Fatalf("%q is a tail: %v, want %v", s, ok, want != nil)
		}

		if ok && (got.tag != submatch(want, 1) || got.digest != submatch(want, 2)) {
			t.Fatalf("%q: %v, want %v", s, got, want)
		}

		got, want = leadingTail(s), leadingPattern.FindStringSubmatchIndex(s)
		if got.tag != submatch(want, 1) || got.digest != submatch(want, 2) || got.end != want[1] {
			t.Fatalf("%q begins with %v, want %v", s, got, want)
		}
	})
}

func submatch(m []int, i int) [2]int {
	if m[2*i] < 0 {
		return [2]int{}
	}

	return [2]int{m[2*i], m[2*i+1]}
}
