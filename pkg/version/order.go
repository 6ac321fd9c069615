package version

import (
	"cmp"
	"strings"
)

// Compare orders two versions of one ascent: negative when a is older. Releases and pre-releases are one ascent (alpha, beta, rc,
// final), nightlies another, and nothing compares across them or among other kinds: then ok is false and order is 0.
//
// A -security nightly carries the next day's date and comes after the plain nightly of that date: semantic versioning orders them
// so, and the plain one may have been built while the fix was still under embargo.
func Compare(a, b Version) (order int, ok bool) {
	switch {
	case a.ascends() && b.ascends():
		return cmp.Or(
			cmp.Compare(a.major, b.major), cmp.Compare(a.minor, b.minor), cmp.Compare(a.patch, b.patch),
			cmp.Compare(a.stage, b.stage), cmp.Compare(a.number, b.number)), true
	case a.kind == Nightly && b.kind == Nightly:
		return cmp.Or(a.day.time().Compare(b.day.time()), compareBool(a.security, b.security)), true
	default:
		return 0, false
	}
}

// CompareAny is a total order over all tags, for lists that people read: releases and pre-releases first, then nightlies, pull
// requests, floating and unknown tags; inside a kind by [Compare] or by the tag. Only equal spellings give 0.
func CompareAny(a, b Version) int {
	order, _ := Compare(a, b)

	return cmp.Or(cmp.Compare(a.rank(), b.rank()), order, strings.Compare(a.base, b.base), strings.Compare(a.tag, b.tag))
}

func (v Version) ascends() bool { return v.kind == Release || v.kind == Prerelease }

func (v Version) rank() int {
	return [...]int{Release: 0, Prerelease: 0, Nightly: 1, PullRequest: 2, Floating: 3, Unknown: 4}[v.kind]
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}
