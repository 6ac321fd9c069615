package version

import (
	"fmt"
	"time"
)

// Version is one tag, understood. It is a comparable value, but == also compares the spelling: use [Version.Equal] to ask whether
// two tags name the same build. The zero Version is an empty tag of kind Unknown.
type Version struct {
	kind                Kind
	tag                 string // as it stood
	base                string // without the suffix
	major, minor, patch int
	stage               stage
	number              int  // of the pre-release
	day                 date // of the nightly
	security            bool
	fixed               bool
}

type stage int8

const (
	alpha stage = iota
	beta
	candidate
	final
)

func (s stage) String() string {
	return [...]string{alpha: "alpha", beta: "beta", candidate: "rc", final: ""}[s]
}

type date struct{ year, month, day int }

func (d date) time() time.Time {
	return time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC)
}

// Kind says what the tag promises.
func (v Version) Kind() Kind { return v.kind }

// Tag is the tag as it stood, suffix included; build metadata ("+glitch"), which no tag can hold, is left out.
func (v Version) Tag() string { return v.tag }

// String is the one spelling of the version: v4.4.3, v4.5.0-beta.1, nightly.2026-01-03-security. The other kinds have none
// but their tag. A suffix is never part of it.
func (v Version) String() string {
	switch v.kind {
	case Release:
		return fmt.Sprintf("v%d.%d.%d", v.major, v.minor, v.patch)
	case Prerelease:
		return fmt.Sprintf("v%d.%d.%d-%s.%d", v.major, v.minor, v.patch, v.stage, v.number)
	default:
		return v.base
	}
}

// MarshalText gives the tag, so that a log or a JSON document shows what the registry holds.
func (v Version) MarshalText() ([]byte, error) { return []byte(v.tag), nil }

// Core gives major, minor and patch of releases, pre-releases and floating tags like v4.4; zeros for the others.
func (v Version) Core() (major, minor, patch int) { return v.major, v.minor, v.patch }

// Line is major.minor of what has both; the zero Line for nightlies, pull requests, latest, v4 and the like.
func (v Version) Line() Line {
	if v.kind == Unknown {
		return Line{}
	}

	return Line{Major: v.major, Minor: v.minor}
}

// Security tells a nightly that was built from embargoed fixes. Whether a release is one is not in its tag.
func (v Version) Security() bool { return v.security }

// Date is the day in a nightly's tag, midnight UTC. A -security nightly carries the day after it was built.
func (v Version) Date() (time.Time, bool) {
	if v.kind != Nightly {
		return time.Time{}, false
	}

	return v.day.time(), true
}

// Fixed tells whether the tag names one build for ever: a release, a pre-release, a dated nightly, one commit of a pull request.
func (v Version) Fixed() bool { return v.fixed }

// Equal tells whether both tags name the same version, whatever their spelling and suffix. Tags without a version are equal when
// they are the same text.
func (v Version) Equal(o Version) bool {
	if order, ok := Compare(v, o); ok {
		return order == 0
	}

	return v.kind == o.kind && v.base == o.base
}
