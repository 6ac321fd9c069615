package gh

import (
	"strings"
	"unicode/utf8"
)

const (
	// MaxBody is how many characters (see Length) a body may have. GitHub
	// refuses more than 65,536: "body is too long (maximum is 65536 characters)".
	MaxBody = 65_535
	// FitBody is what Fit leaves room for by default: MaxBody less the marker.
	FitBody = 64_000

	// A longer line that opens a fence is not repeated in the rest.
	maxFence = 100
)

// Length measures s as GitHub does, or longer: in UTF-16 units. GitHub counts
// code points for pull requests and UTF-8 bytes, four for each of the 65,536,
// for comments; what is short enough in UTF-16 units is so in both.
func Length(s string) int {
	n := 0
	for _, r := range s {
		n += units(r)
	}

	return n
}

func units(r rune) int {
	if r > 0xFFFF {
		return 2
	}

	return 1
}

// Fit cuts body so that it has at most limit characters (see Length), and ends
// what is left with more, a sentence that says where the rest is. The rest is
// for a comment; it is empty, and more unused, where body is short enough. A
// limit of 0 is FitBody.
//
// The cut is before a heading, else between two blocks, else between lines,
// the best of these in the second half of the room there is; only a line
// longer than that is cut inside, between characters. A code fence that is cut
// is closed and opened again in the rest, <details> are closed. Where limit
// has no room for more (half of it or longer), more is left out.
func Fit(body, more string, limit int) (fitted, rest string) {
	if limit <= 0 {
		limit = FitBody
	}

	if Length(body) <= limit {
		return body, ""
	}

	more = "\n\n" + more
	if Length(more) >= limit/2 {
		more = ""
	}

	best := borders(body, limit-Length(more))

	closing, opening := best.seams()
	if len(opening) >= best.offset {
		opening = "" // The rest must be shorter than the whole.
	}

	return strings.TrimRight(body[:best.offset], "\n") + closing + more, opening + strings.TrimLeft(body[best.offset:], "\n")
}

// border is a place to cut at and what is open there.
type border struct {
	offset, length int
	fence          fence
	opened         string // the line that opened the fence
	details        int
}

// seams close what the cut leaves open, and open it again.
func (b border) seams() (closing, opening string) {
	if b.fence.size > 0 && len(b.opened) <= maxFence {
		closing, opening = "\n"+b.fence.String(), b.opened+"\n"
	}

	return closing + strings.Repeat("\n\n</details>", b.details), opening
}

// fits tells whether what is above the border, closed, fits into room.
func (b border) fits(room int) bool {
	closing, _ := b.seams()

	return b.length+len(closing) <= room
}

// borders walks the lines of body and keeps the last border of each rank that
// fits: 0 before a heading, 1 between blocks, 2 between lines, 3 in a line.
func borders(body string, room int) border {
	var (
		best  [4]border
		here  border
		blank = true
	)

	for line := range strings.Lines(body) {
		if !here.fits(room) {
			break
		}

		best[rankOf(here, line, blank)] = here
		best[3] = within(here, line, room)
		here = here.after(line)
		blank = strings.TrimSpace(line) == ""
	}

	for _, b := range best[:3] {
		if b.length >= room/2 {
			return b
		}
	}

	return best[3]
}

func rankOf(here border, line string, blank bool) int {
	whole := here.fence.size == 0 && here.details == 0

	switch {
	case whole && blank && strings.HasPrefix(line, "#"):
		return 0
	case whole && blank:
		return 1
	}

	return 2
}

// after is the border below line.
func (b border) after(line string) border {
	before := b.fence
	b.fence = b.fence.next(strings.TrimRight(line, "\r\n"))

	if before.size == 0 && b.fence.size > 0 {
		b.opened = strings.TrimRight(line, "\r\n")
	}

	if before.size == 0 && b.fence.size == 0 {
		b.details = max(0, b.details+strings.Count(line, "<details")-strings.Count(line, "</details"))
	}

	b.offset += len(line)
	b.length += Length(line)

	return b
}

// within is the last place inside line that fits, between two characters.
func within(here border, line string, room int) border {
	cut := here

	for rest := line; rest != ""; {
		r, width := utf8.DecodeRuneInString(rest)

		next := cut
		next.offset, next.length = cut.offset+width, cut.length+units(r)

		if !next.fits(room) {
			break
		}

		cut, rest = next, rest[width:]
	}

	return cut
}
