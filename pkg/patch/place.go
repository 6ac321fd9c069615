package patch

// span is a run of bytes of a file: [start, end). The zero span is no place.
type span struct{ start, end int }

func (s span) empty() bool { return s.start == s.end }

// place is where in its file a reference stands.
type place struct {
	image, tag, digest span
}
