package facts

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/goingdark-social/bot/pkg/version"
)

// Pack writes the facts of several releases compactly: what releases have in common is written once, with the numbers
// of the releases that have it. The text inside, one line an element, is
//
//	kind <tab> releases <tab> JSON
//
// where releases is a list of ranges such as 0-3,7. Releases are numbered in the order given.
func Pack(w io.Writer, releases []*Facts) error {
	zipped, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(zipped)
	for _, s := range sections {
		lines, err := s.pack(releases)
		if err != nil {
			return err
		}
		for _, l := range lines {
			fmt.Fprintf(out, "%s\t%s\t%s\n", s.kind(), ranges(l.releases), l.json) // Flush tells of any error
		}
	}
	return errors.Join(out.Flush(), zipped.Close())
}

// longestLine bounds a line of what Pack wrote, in bytes; the longest shipped one is a tenth of it.
const longestLine = 1 << 20

// Unpack reads the n-th release of what Pack wrote.
func Unpack(r io.Reader, n int) (*Facts, error) {
	return unpack(r, n, sections, nil)
}

// unpack reads the given sections of a release; the others stay empty. What it decodes of a line it keeps in decoded,
// unless that is nil, and takes from there what another release has decoded.
func unpack(r io.Reader, n int, wanted []section, decoded map[int]any) (*Facts, error) {
	u := &unpacked{facts: &Facts{}, wanted: wanted, decoded: decoded}
	if err := eachLine(r, func(number int, line []byte) error { return u.line(number, line, n) }); err != nil {
		return nil, err
	}
	return u.facts.Normal(), nil
}

// eachLine inflates what Pack wrote and keeps no more of it than a line at a time: the whole is a megabyte, and fresh
// memory costs a process that ends at once more than inflating does.
func eachLine(r io.Reader, f func(number int, line []byte) error) error {
	plain, err := gzip.NewReader(r)
	if err != nil {
		return fmt.Errorf("packed facts: %w", err)
	}
	lines := bufio.NewScanner(plain)
	lines.Buffer(make([]byte, 64<<10), longestLine)
	for number := 1; lines.Scan(); number++ {
		if err := f(number, lines.Bytes()); err != nil {
			return fmt.Errorf("packed facts: line %d: %w", number, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("packed facts: %w", err)
	}
	return nil
}

// line takes a line over if the n-th release has it.
func (u *unpacked) line(number int, line []byte, n int) error {
	kind, rest, ok := bytes.Cut(line, []byte("\t"))
	of, value, ok2 := bytes.Cut(rest, []byte("\t"))
	if !ok || !ok2 {
		return errors.New("it has no three columns")
	}
	if !inRanges(string(of), n) {
		return nil
	}
	ofKind := func(s section) bool { return s.kind() == string(kind) }
	if i := slices.IndexFunc(u.wanted, ofKind); i >= 0 {
		return u.wanted[i].unpack(u, number, value)
	}
	if !slices.ContainsFunc(sections, ofKind) {
		return fmt.Errorf("%q is an unknown kind", kind)
	}
	return nil
}

// section is one list of Facts, or all that is no list.
type section interface {
	kind() string
	pack(releases []*Facts) ([]packed, error)
	unpack(u *unpacked, number int, value []byte) error
}

// unpacked is a release on its way back.
type unpacked struct {
	facts          *Facts
	wanted         []section
	decoded        map[int]any // pointers to elements, by line
	changelogLines []int
}

// packed is one element and the releases that have it.
type packed struct {
	json     []byte
	releases []int
}

var sections = []section{
	head{},
	list[Table]{"table", func(f *Facts) *[]Table { return &f.Schema.Tables }, func(a, b Table) int { return cmp.Compare(a.Name, b.Name) }, (*Table).normal},
	list[View]{"view", func(f *Facts) *[]View { return &f.Schema.Views }, func(a, b View) int { return cmp.Compare(a.Name, b.Name) }, (*View).normal},
	list[Migration]{"migration", func(f *Facts) *[]Migration { return &f.Migrations }, CompareMigrations, (*Migration).normal},
	list[Variable]{"variable", func(f *Facts) *[]Variable { return &f.Environment }, func(a, b Variable) int { return cmp.Compare(a.Name, b.Name) }, (*Variable).normal},
	changelog,
}

var changelog = changelogSection{list[Release]{"release", func(f *Facts) *[]Release { return &f.Changelog }, CompareReleases, (*Release).normal}}

// outline is what a release says of itself and of those before it: neither its schema nor its migrations.
var outline = []section{head{}, changelog}

// CompareMigrations is the order of Facts.Migrations: pre before post, then by version and file.
func CompareMigrations(a, b Migration) int {
	return cmp.Or(
		-cmp.Compare(a.Phase, b.Phase), cmp.Compare(len(a.Version), len(b.Version)), cmp.Compare(a.Version, b.Version),
		cmp.Compare(a.File, b.File),
	)
}

// CompareReleases is the order of Facts.Changelog: newest version first.
func CompareReleases(a, b Release) int {
	return version.CompareAny(version.Parse(b.Version), version.Parse(a.Version))
}

// ranges writes ascending numbers as 0-3,7.
func ranges(numbers []int) string {
	var parts []string
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		part := strconv.Itoa(numbers[i])
		if j > i {
			part += "-" + strconv.Itoa(numbers[j])
		}
		parts = append(parts, part)
		i = j + 1
	}
	return strings.Join(parts, ",")
}

func inRanges(s string, n int) bool {
	for part := range strings.SplitSeq(s, ",") {
		low, high, span := strings.Cut(part, "-")
		if !span {
			high = low
		}
		from, errFrom := strconv.Atoi(low)
		to, errTo := strconv.Atoi(high)
		if errFrom == nil && errTo == nil && from <= n && n <= to {
			return true
		}
	}
	return false
}
