package patch

import "strings"

// The grammar of what follows an image's name, as of the OCI distribution specification: ":" and a tag of at most 128 characters, "@"
// and a digest. It is read by hand: a pattern with such counts is compiled into hundreds of states, in a tenth of a `bot bump`.
const (
	longestTag   = 128
	sha256Digest = len("sha256:") + 64
)

// tail is where tag and digest stand after an image's name: [start, end) from the name's end, empty when there is none.
type tail struct {
	tag, digest [2]int
	end         int
}

// wholeTail reads a text that is a tail and nothing else.
func wholeTail(s string) (tail, bool) {
	t := tail{}

	if strings.HasPrefix(s, ":") {
		n := tagLength(s[1:])
		if n == 0 {
			return tail{}, false
		}

		t.tag, t.end = [2]int{1, 1 + n}, 1+n
	}

	t.takeDigest(s)

	return t, t.end == len(s)
}

// leadingTail reads the tail that a text begins with. A tag in the middle of a text ends with a letter or a digit: the full stop
// behind it is the sentence's.
func leadingTail(s string) tail {
	t := tail{}

	if strings.HasPrefix(s, ":") {
		n := tagLength(s[1:])
		for n > 0 && !wordByte(s[n]) {
			n--
		}

		if n > 0 {
			t.tag, t.end = [2]int{1, 1 + n}, 1+n
		}
	}

	t.takeDigest(s)

	return t
}

func (t *tail) takeDigest(s string) {
	if rest, ok := strings.CutPrefix(s[t.end:], "@"); ok && startsWithDigest(rest) {
		t.digest = [2]int{t.end + 1, t.end + 1 + sha256Digest}
		t.end = t.digest[1]
	}
}

// moved is an extent of a tail in the text where the tail begins at base.
func moved(extent [2]int, base int) [2]int {
	if extent == ([2]int{}) {
		return extent
	}

	return [2]int{base + extent[0], base + extent[1]}
}

// tagLength is how much of a text's beginning is a tag; 0: nothing.
func tagLength(s string) int {
	if s == "" || !wordByte(s[0]) {
		return 0
	}

	n := 1
	for n < min(len(s), longestTag) && (wordByte(s[n]) || s[n] == '.' || s[n] == '-') {
		n++
	}

	return n
}

func isDigest(s string) bool { return len(s) == sha256Digest && startsWithDigest(s) }

func startsWithDigest(s string) bool {
	if len(s) < sha256Digest || !strings.HasPrefix(s, "sha256:") {
		return false
	}

	for _, c := range []byte(s[len("sha256:"):sha256Digest]) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}

	return true
}

func wordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}
