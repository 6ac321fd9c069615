package facts

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/goingdark-social/bot/pkg/version"
)

// packedFacts are the facts of the releases that index lists, in its order. Both are written by make facts.
//
//go:embed data/facts.bin
var packedFacts string

// index is one release a line: version, commit, date.
//
//go:embed data/releases.txt
var index string

// Shipped is one release whose facts are inside this program.
type Shipped struct {
	Version version.Version
	Commit  string
	Date    time.Time
}

// All lists the releases whose facts are inside this program, ascending. It decodes no facts.
func All() []Shipped {
	var out []Shipped
	for line := range strings.Lines(index) {
		fields := strings.Fields(line)
		if len(fields) != 3 {
			continue
		}
		date, err := time.Parse(time.RFC3339, fields[2])
		if err != nil {
			continue
		}
		out = append(out, Shipped{version.Parse(fields[0]), fields[1], date})
	}
	return out
}

// NotShippedError says that the facts of a version are not inside this program.
type NotShippedError struct{ Version string }

func (e *NotShippedError) Error() string {
	all := All()
	if len(all) == 0 {
		return "this program has no facts of any release inside"
	}
	return fmt.Sprintf("the facts of %s are not inside this program, which knows %s to %s: they can be read from upstream",
		e.Version, all[0].Version, all[len(all)-1].Version)
}

// Embedded returns the facts of a release that ships inside this program; *NotShippedError when it does not. Each call
// decodes them anew, in some 2 ms.
func Embedded(v version.Version) (*Facts, error) { return embedded(v, whole, nil) }

// EmbeddedOutline is Embedded without schema, migrations and environment: what the release says of itself, of its line's
// support and, in its changelog, of the releases before it. It decodes in a twentieth of the time.
func EmbeddedOutline(v version.Version) (*Facts, error) { return embedded(v, outline, nil) }

func embedded(v version.Version, last kind, shelf *Shelf) (*Facts, error) {
	if n := numberOf(v); n >= 0 {
		return unpack(packedFacts, n, last, shelf)
	}
	return nil, &NotShippedError{v.String()}
}

// numberOf is the number of a release that ships, -1 for others. The index has them as they spell themselves.
func numberOf(v version.Version) int {
	name, n := v.String(), 0
	for line := range strings.Lines(index) {
		if of, _, _ := strings.Cut(line, " "); of == name {
			return n
		}
		n++
	}
	return -1
}

// Shelf gives out facts that ship inside this program and decodes what releases have in common once. They share it:
// who gets facts from a shelf may not change them. The zero Shelf is ready for use, by several goroutines too.
type Shelf struct {
	mu      sync.Mutex
	decoded []any // pointers to elements, by their number
}

// Embedded is like the function of that name.
func (s *Shelf) Embedded(v version.Version) (*Facts, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return embedded(v, whole, s)
}

// The methods below do without a shelf, too.

// grow makes room for the elements up to a number.
func (s *Shelf) grow(n int) {
	if s != nil && n > len(s.decoded) {
		s.decoded = append(s.decoded, make([]any, n-len(s.decoded))...)
	}
}

func (s *Shelf) seen(number int) any {
	if s == nil {
		return nil
	}
	return s.decoded[number]
}

func (s *Shelf) keep(number int, decoded any) {
	if s != nil {
		s.decoded[number] = decoded
	}
}
