package pack

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/go-git/go-git/v5/plumbing/format/packfile"
)

const (
	// maxObject is the largest object that is taken, in bytes, whether the
	// server leaves large ones out or not. GitHub takes no file above 100 MiB.
	maxObject = 128 << 20
	// perObject is what an object costs besides its content, in bytes.
	perObject = 256
)

// TooLargeError is a repository that is not read since it would take more
// memory than there is: a pack of a megabyte can hold a file of a gigabyte of
// zeros.
type TooLargeError struct {
	// Object tells that it is one object that is too large, and not all together.
	Object bool
	// Limit is what is taken at most, in bytes.
	Limit int64
}

func (e *TooLargeError) Error() string {
	if e.Object {
		return fmt.Sprintf("the repository holds a file of more than %d MB, and the server does not leave it out", e.Limit>>20)
	}

	return fmt.Sprintf("the files of the repository come to more than %d MB", e.Limit>>20)
}

// Bounded is a pack whose objects, unpacked, stay within a limit in bytes;
// reading one that does not is a *TooLargeError. What is read was looked through
// before: no reader is handed a byte of an object that is too large. Close it.
func Bounded(pack io.Reader, limit int64) io.ReadCloser {
	r, w := io.Pipe()
	source := &lead{from: pack, to: w, left: limit}

	go func() {
		err := measure(source, limit)
		if err == nil {
			err = source.pass()
		}

		_ = w.CloseWithError(err) // nil is the end
	}()

	return r
}

// lead reads ahead of those whom it passes everything on to: what one reading
// gave is passed on at the next, and by then it is known to be good.
type lead struct {
	from io.Reader
	to   io.Writer
	held []byte
	left int64
}

func (l *lead) Read(p []byte) (int, error) {
	if err := l.pass(); err != nil {
		return 0, err
	}

	n, err := l.from.Read(p)
	l.held = append(l.held[:0], p[:n]...)

	if l.left -= int64(n); l.left < 0 {
		return n, errEndless
	}

	return n, err
}

var errEndless = errors.New("the pack does not end")

func (l *lead) pass() error {
	held := l.held
	l.held = l.held[:0]

	if len(held) == 0 {
		return nil
	}

	_, err := l.to.Write(held)

	return err
}

// measure reads a pack to its end and adds up what its objects come to.
func measure(pack io.Reader, limit int64) error {
	s := packfile.NewScanner(pack)

	_, count, err := s.Header()
	if err != nil {
		return err
	}

	left := limit

	for range count {
		size, err := next(s)
		if err != nil {
			return err
		}

		if left -= size + perObject; left < 0 {
			return &TooLargeError{Limit: limit}
		}
	}

	_, err = s.Checksum()
	if errors.Is(err, io.EOF) {
		err = nil
	}

	return err
}

// next is the size of the next object: of a difference, that of what it makes.
func next(s *packfile.Scanner) (int64, error) {
	h, err := s.NextObjectHeader()
	if err != nil {
		return 0, err
	}

	if h.Length > maxObject || h.Length < 0 {
		return 0, &TooLargeError{Object: true, Limit: maxObject}
	}

	if !h.Type.IsDelta() {
		_, _, err = s.NextObject(io.Discard)

		return h.Length, err
	}

	var head start
	if _, _, err := s.NextObject(&head); err != nil {
		return 0, err
	}

	_, n := binary.Uvarint(head)
	made, m := binary.Uvarint(head[max(n, 0):])

	if n <= 0 || m <= 0 || made > maxObject {
		return 0, &TooLargeError{Object: true, Limit: maxObject}
	}

	return h.Length + int64(made), nil
}

// start keeps the first bytes of what is written to it.
type start []byte

func (s *start) Write(p []byte) (int, error) {
	if room := 2*binary.MaxVarintLen64 - len(*s); room > 0 {
		*s = append(*s, p[:min(room, len(p))]...)
	}

	return len(p), nil
}
