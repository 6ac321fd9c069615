package config

import (
	"slices"
	"strings"
)

// suggest is the hint for a word that is none of those known.
func suggest(word string, known []string) string {
	best, least := "", 3
	for _, k := range known {
		if len(word) > 2 && strings.HasPrefix(k, word) {
			return "did you mean " + k + "?" // token for tokenFrom
		}
		if distance := apart(plain(word), plain(k)); distance < least && distance*2 < len(k) {
			best, least = k, distance
		}
	}
	if best != "" {
		return "did you mean " + best + "?"
	}
	return "known are " + strings.Join(known, ", ")
}

// plain drops what people get wrong first: case, dashes and underscores.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' {
			return -1
		}
		return r
	}, strings.ToLower(s))
}

// apart is the Levenshtein distance; words much longer than any key count as far apart.
func apart(a, b string) int {
	const longest = 40
	if len(a) > longest || len(b) > longest {
		return longest
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = slices.Min([]int{change, row[j] + 1, row[j+1] + 1})
		}
	}
	return row[len(b)]
}
