package version

import (
	"strconv"
	"strings"
	"time"

	"github.com/goingdark-social/bot/internal/lazyre"
)

// No leading zeros (semantic versioning forbids them) and at most nine digits, so that every number fits an int anywhere.
const number = `(0|[1-9][0-9]{0,8})`

var (
	numbered = lazyre.New(`^v?` + number + `\.` + number + `\.` + number + `(?:[-._]?(alpha|beta|rc|a|b|c)[-._]?` + number + `)?$`)
	metadata = lazyre.New(`\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*$`)
	moving   = lazyre.New(`^v?` + number + `(?:\.` + number + `)?$`)
	pull     = lazyre.New(`^pr-[1-9][0-9]{0,8}(-[0-9a-f]{7,64})?$`)
)

// Parse understands a tag. It never fails: what it does not know has kind Unknown.
func Parse(tag string) Version { return parse(tag, tag) }

// ParseSuffixed understands a tag of a mirror or fork whose tags all end in suffix ("-example"). A tag that lacks it is Unknown.
// An empty suffix is no suffix.
func ParseSuffixed(tag, suffix string) Version {
	base, found := strings.CutSuffix(tag, suffix)
	if !found || strings.Contains(tag, "+") && suffix != "" {
		return Version{tag: tag, base: tag}
	}

	return parse(tag, base)
}

func parse(tag, base string) Version {
	for _, shape := range []func(tag, base string) (Version, bool){release, nightly, pullRequest, floating} {
		if v, ok := shape(tag, base); ok {
			return v
		}
	}

	return Version{tag: tag, base: base}
}

func release(tag, base string) (Version, bool) {
	if at := metadata.FindStringIndex(base); at != nil {
		base = base[:at[0]]
		tag = base
	}

	m := numbered.FindStringSubmatch(base)
	if m == nil {
		return Version{}, false
	}

	v := Version{kind: Release, tag: tag, base: base, major: atoi(m[1]), minor: atoi(m[2]), patch: atoi(m[3]), stage: final, fixed: true}
	if m[4] != "" {
		v.kind, v.stage, v.number = Prerelease, stageOf(m[4]), atoi(m[5])
	}

	return v, true
}

func stageOf(word string) stage {
	switch word[0] {
	case 'a':
		return alpha
	case 'b':
		return beta
	default: // rc, and c, which PEP 440 reads as rc
		return candidate
	}
}

func nightly(tag, base string) (Version, bool) {
	day, found := strings.CutPrefix(base, "nightly.")
	if !found {
		return Version{}, false
	}

	day, security := strings.CutSuffix(day, "-security")
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return Version{}, false
	}

	on := date{year: t.Year(), month: int(t.Month()), day: t.Day()}

	return Version{kind: Nightly, tag: tag, base: base, day: on, security: security, fixed: true}, true
}

func pullRequest(tag, base string) (Version, bool) {
	m := pull.FindStringSubmatch(base)
	if m == nil {
		return Version{}, false
	}

	return Version{kind: PullRequest, tag: tag, base: base, fixed: m[1] != ""}, true
}

func floating(tag, base string) (Version, bool) {
	v := Version{kind: Floating, tag: tag, base: base}
	switch base {
	case "latest", "edge", "nightly":
		return v, true
	}

	m := moving.FindStringSubmatch(base)
	if m == nil {
		return Version{}, false
	}

	if m[2] != "" { // "v4" has no line: 4.0 would be a claim
		v.major, v.minor = atoi(m[1]), atoi(m[2])
	}

	return v, true
}

// atoi is for digits that a pattern has already bounded.
func atoi(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}

	return n
}
