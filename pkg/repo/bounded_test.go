package repo_test

import (
	"bytes"
	"compress/zlib"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/internal/pack"
	"github.com/goingdark-social/bot/pkg/repo"
)

// zeros is an endless number of them.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)

	return len(p), nil
}

// packed makes a pack of objects, each a header and what it holds.
func packed(t *testing.T, objects ...func(*bytes.Buffer)) []byte {
	t.Helper()

	b := &bytes.Buffer{}
	b.WriteString("PACK\x00\x00\x00\x02")
	must(t, binary.Write(b, binary.BigEndian, uint32(len(objects))))

	for _, o := range objects {
		o(b)
	}

	sum := sha1.Sum(b.Bytes())
	b.Write(sum[:])

	return b.Bytes()
}

// header is an object's type and size.
func header(b *bytes.Buffer, kind byte, size int64) {
	first := kind<<4 | byte(size&15)

	for size >>= 4; size > 0; size >>= 7 {
		b.WriteByte(first | 0x80)

		first = byte(size & 127)
	}

	b.WriteByte(first)
}

func blobOfZeros(declared, written int64) func(*bytes.Buffer) {
	return func(b *bytes.Buffer) {
		header(b, 3, declared)

		z, _ := zlib.NewWriterLevel(b, zlib.BestSpeed)
		_, _ = io.CopyN(z, zeros{}, written)
		_ = z.Close()
	}
}

// doubling is a difference that makes size bytes of nothing but its base.
func doubling(base []byte, size uint64) func(*bytes.Buffer) {
	return func(b *bytes.Buffer) {
		delta := binary.AppendUvarint(binary.AppendUvarint(nil, uint64(len(base))), size)
		for made := uint64(0); made < size; made += uint64(len(base)) {
			delta = append(delta, 0xb0, byte(len(base)), byte(len(base)>>8)) // copy all of it
		}

		hash := sha1.Sum([]byte("blob 60000\x00" + string(base)))

		header(b, 7, int64(len(delta)))
		b.Write(hash[:])

		z := zlib.NewWriter(b)
		_, _ = z.Write(delta)
		_ = z.Close()
	}
}

// answering hands out a pack in the place of the server's own.
type answering struct{ pack []byte }

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || !strings.HasSuffix(r.URL.Path, "/git-upload-pack") {
		return res, err
	}

	_ = res.Body.Close()

	body := &bytes.Buffer{}
	body.WriteString("00000008NAK\n") // nothing shallow, nothing in common

	for rest := a.pack; len(rest) > 0; {
		n := min(len(rest), 60000)
		body.WriteString(strings.ToLower(hex4(n + 5)))
		body.WriteByte(1)
		body.Write(rest[:n])
		rest = rest[n:]
	}

	body.WriteString("0000")
	res.Body, res.ContentLength = io.NopCloser(body), int64(body.Len())

	return res, nil
}

func hex4(n int) string {
	const digits = "0123456789abcdef"

	return string([]byte{digits[n>>12&15], digits[n>>8&15], digits[n>>4&15], digits[n&15]})
}

// TestPacksThatUnfold: a pack of some kilobytes that would come to gigabytes is
// refused before it does, in memory and in a mirror.
func TestPacksThatUnfold(t *testing.T) {
	t.Parallel()

	base := bytes.Repeat([]byte("x"), 60000)
	blob := func(b *bytes.Buffer) {
		header(b, 3, int64(len(base)))

		z := zlib.NewWriter(b)
		_, _ = z.Write(base)
		_ = z.Close()
	}

	many := make([]func(*bytes.Buffer), 0, 42)
	for range 42 {
		many = append(many, blobOfZeros(100<<20, 16<<20)) // the declared size is what counts
	}

	for name, c := range map[string]struct {
		pack   []byte
		object bool
	}{
		"a blob of a gigabyte": {packed(t, blobOfZeros(1<<30, 1<<20)), true},
		"a difference that makes a gigabyte": {
			packed(t, blob, doubling(base, 1<<30)), true,
		},
		"a size beyond all numbers": {packed(t, blobOfZeros(1<<40, 1)), true},
		"many that are large":       {packed(t, many...), false},
	} {
		for _, mirror := range []bool{false, true} {
			if mirror && !c.object {
				continue // a disk has the room
			}

			t.Run(name, func(t *testing.T) {
				t.Parallel()

				w := newGitWorld(t, gittest.Files(map[string]string{"a": "b"}))
				r, err := repo.Open(repo.Options{
					URL: w.there.URL, Transport: answering{c.pack}, Retries: -1, Mirror: map[bool]string{true: t.TempDir()}[mirror],
				})
				must(t, err)

				_, err = r.Fetch(t.Context(), "main")

				large, ok := errors.AsType[*pack.TooLargeError](err)
				if !ok || large.Object != c.object {
					t.Errorf("err = %v", err)
				}
			})
		}
	}
}
