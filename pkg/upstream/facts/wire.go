package facts

import (
	"encoding/binary"
	"errors"
	"slices"
	"time"
)

// wire carries values into bytes or out of them. A type says once what its fields are, in a method called fields, and
// that method both writes and reads: a number as a varint, a list behind its length, a string as where it stands in the
// text that all values share. What is read takes its strings from there too, so that reading copies none.
type wire struct {
	text  string // where the strings that are read stand
	in    string // what is left to read
	out   []byte
	words *words // takes the strings that are written; nil: the wire reads
	err   error  // the first thing that went wrong in reading; what is read after it is worth nothing
}

// words is the text with every string that was written, each once.
type words struct {
	text []byte
	at   map[string]uint64
}

var errCut = errors.New("packed facts end too early")

// size carries a number that is not negative.
func (w *wire) size(n uint64) uint64 {
	if w.words != nil {
		w.out = binary.AppendUvarint(w.out, n)
		return n
	}
	n = 0
	for shift := 0; shift < 64; shift += 7 {
		if len(w.in) == 0 {
			break
		}
		b := w.in[0]
		w.in = w.in[1:]
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
	w.fail()
	return 0
}

func (w *wire) fail() {
	w.in = ""
	if w.err == nil {
		w.err = errCut
	}
}

// take reads the next n bytes.
func (w *wire) take(n uint64) string {
	if n > uint64(len(w.in)) {
		w.fail()
		return ""
	}
	taken := w.in[:n]
	w.in = w.in[n:]
	return taken
}

// The functions below carry one value; their order of arguments is that of a method called fields, so that many and
// maybe take either.

func number(n *int, w *wire) {
	zigzag := w.size(uint64(*n)<<1 ^ uint64(*n>>63)) //nolint:gosec // the sign goes last, as in encoding/binary
	*n = int(zigzag>>1) ^ -int(zigzag&1)
}

func flag(b *bool, w *wire) {
	var n uint64
	if *b {
		n = 1
	}
	*b = w.size(n) == 1
}

func word[S ~string](s *S, w *wire) {
	length := w.size(uint64(len(*s)))
	if length == 0 {
		*s = ""
		return
	}
	if w.words != nil {
		w.size(w.words.place(string(*s)))
		return
	}
	at := w.size(0)
	if at > uint64(len(w.text)) || length > uint64(len(w.text))-at {
		w.fail()
		return
	}
	*s = S(w.text[at : at+length])
}

// place is where a string stands in the text.
func (w *words) place(s string) uint64 {
	at, known := w.at[s]
	if !known {
		at = uint64(len(w.text))
		w.text = append(w.text, s...)
		w.at[s] = at
	}
	return at
}

// moment carries a time to the second, in UTC.
func moment(t *time.Time, w *wire) {
	text := ""
	if !t.IsZero() {
		text = t.UTC().Format(time.RFC3339)
	}
	word(&text, w)
	if w.words != nil || text == "" {
		return
	}
	read, err := time.Parse(time.RFC3339, text)
	if err != nil {
		w.fail()
	}
	*t = read
}

// many carries a list; an empty one is read as nil.
func many[T any](list *[]T, w *wire, each func(*T, *wire)) {
	length := w.size(uint64(len(*list)))
	if w.words == nil {
		if length > uint64(len(w.in)) { // an element takes at least a byte
			w.fail()
			return
		}
		if length == 0 {
			return
		}
		*list = make([]T, length)
	}
	for i := range *list {
		each(&(*list)[i], w)
	}
}

// maybe carries what may be nil.
func maybe[T any](p **T, w *wire, each func(*T, *wire)) {
	here := *p != nil
	if flag(&here, w); !here {
		return
	}
	if w.words == nil {
		*p = new(T)
	}
	each(*p, w)
}

// pairs carries a map; an empty one is read as nil.
func pairs(m *map[string]string, w *wire) {
	var list [][2]string
	for key, value := range *m {
		list = append(list, [2]string{key, value})
	}
	slices.SortFunc(list, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	many(&list, w, func(pair *[2]string, w *wire) {
		word(&pair[0], w)
		word(&pair[1], w)
	})
	if w.words != nil || len(list) == 0 {
		return
	}
	*m = make(map[string]string, len(list))
	for _, pair := range list {
		(*m)[pair[0]] = pair[1]
	}
}
