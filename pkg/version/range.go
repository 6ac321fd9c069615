package version

import (
	"fmt"
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
)

// Range is a set of releases and pre-releases, as in a policy's "allow". The zero Range holds every version of any kind.
//
// Clauses are separated by spaces or commas and must all hold: "<4.7.0", ">=4.4 <4.7", "4.4.x", "!=4.5.3". A clause is an operator
// (< <= > >= = !=; none means =) and a version; "4.4" and "4.4.x" mean the whole line, "4" and "4.x" the whole major version.
//
// Pre-releases follow PEP 440: "<4.7.0" leaves out 4.7.0-rc.1, which leads to what was excluded, unless the bound itself is a pre-release;
// ">=4.4" starts at the final 4.4.0; "4.4.x" holds the pre-releases of the line as well. Whether pre-releases are wanted at all is the
// channel's business. Nightlies and other tags have no number, so only the zero Range holds them.
type Range struct {
	text    string
	clauses []clause
}

type clause struct {
	op    string
	bound Version // missing parts are 0
	parts int     // how many of major, minor, patch were given
}

var clausePattern = lazyre.New(`^(<=|>=|!=|==|<|>|=)?v?` + number + `(?:\.(?:` + number + `|[xX*]))?(?:\.(?:` + number + `|[xX*]))?$`)

// ParseRange reads a range. An empty text holds everything.
func ParseRange(s string) (Range, error) {
	r := Range{text: strings.Join(strings.Fields(strings.ReplaceAll(s, ",", " ")), " ")}

	for _, word := range glued(r.text) {
		c, ok := parseClause(word)
		if !ok {
			return Range{}, fmt.Errorf(`range %q: %q is not understood: write for example "<4.7.0", ">=4.4 <4.7", "4.4.x" or "!=4.5.3"`, s, word)
		}

		r.clauses = append(r.clauses, c)
	}

	return r, nil
}

// glued puts an operator that stands alone ("< 4.7.0") before the version that follows.
func glued(text string) []string {
	var words []string

	operator := ""
	for word := range strings.FieldsSeq(text) {
		operator += word
		if strings.Trim(word, "<>=!") == "" {
			continue
		}

		words = append(words, operator)
		operator = ""
	}

	if operator != "" {
		words = append(words, operator)
	}

	return words
}

func parseClause(word string) (clause, bool) {
	if m := clausePattern.FindStringSubmatch(word); m != nil && (m[3] != "" || m[4] == "") {
		c := clause{op: m[1], parts: 1, bound: Version{kind: Release, stage: final, major: atoi(m[2])}}
		if m[3] != "" {
			c.parts, c.bound.minor = 2, atoi(m[3])
		}

		if m[4] != "" {
			c.parts, c.bound.patch = 3, atoi(m[4])
		}

		return c, true
	}

	rest := strings.TrimLeft(word, "<>=!")
	op := word[:len(word)-len(rest)]
	bound := Parse(rest)

	return clause{op: op, bound: bound, parts: 3}, bound.kind == Prerelease && clausePattern.MatchString(op+"0")
}

// Contains tells whether v lies in the range.
func (r Range) Contains(v Version) bool {
	for _, c := range r.clauses {
		if !v.ascends() || !c.holds(v) {
			return false
		}
	}

	return true
}

// String gives the range as it was written, with single spaces between clauses.
func (r Range) String() string { return r.text }

// MarshalText gives the range as it was written.
func (r Range) MarshalText() ([]byte, error) { return []byte(r.text), nil }

func (c clause) holds(v Version) bool {
	at := c.position(v)
	switch c.op {
	case "<":
		return at < 0 && !c.leadsTo(v)
	case "<=":
		return at <= 0
	case ">":
		return at > 0
	case ">=":
		return at >= 0 && !c.before(v)
	case "!=":
		return at != 0
	default:
		return at == 0
	}
}

// position compares v with the bound in the parts that the bound has: every version of 4.4 is at "4.4".
func (c clause) position(v Version) int {
	full := c.bound
	full.kind = Release

	if c.parts < 3 {
		v.kind, v.stage, v.number, v.patch = Release, final, 0, 0
	}

	if c.parts < 2 {
		v.minor = 0
	}

	order, _ := Compare(v, full)

	return order
}

// leadsTo tells a pre-release of the very release that the bound leaves out.
func (c clause) leadsTo(v Version) bool {
	return c.bound.stage == final && v.kind == Prerelease && v.major == c.bound.major && v.minor == c.bound.minor && v.patch == c.bound.patch
}

// before tells a pre-release of a line's first release, which a lower bound on the line does not reach.
func (c clause) before(v Version) bool {
	order, _ := Compare(v, c.bound)

	return order < 0
}
