package patch

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"sync"
)

const (
	// maxFile is the largest file that is read whole, in bytes. A manifest is a thousandth of it.
	maxFile = 64 << 20
	// manyAtOnce is the largest file that is read beside others, in bytes. Of larger ones there is one in memory at a time.
	manyAtOnce = 2 << 20
)

var errLarge = fmt.Errorf("is larger than %d MB", maxFile>>20)

// Reader is what a tree may offer besides [fs.FS]: a file read into a buffer that is used again, without the cost of opening it as an
// [fs.File]. For small files on a disk that is most of the cost.
type Reader interface {
	// ReadInto gives the content of a file, in buf's memory if it fits there, and its size in bytes. Of one that is larger than
	// limit it gives the size alone, which may be anything above limit.
	ReadInto(name string, buf []byte, limit int) (data []byte, size int64, err error)
}

// contents reads files into memory that is used again.
type contents struct {
	small sync.Pool // of *[]byte

	mu    sync.Mutex
	large []byte
}

// read hands the content of a file to use, which may not keep it.
func (c *contents) read(fsys fs.FS, name string, use func([]byte)) error {
	buf, _ := c.small.Get().(*[]byte)
	if buf == nil {
		buf = new([]byte)
	}
	defer c.small.Put(buf)

	data, size, err := readInto(fsys, name, *buf, manyAtOnce)

	switch {
	case err != nil:
		return err
	case size > maxFile:
		return errLarge
	case size > manyAtOnce:
		return c.readLarge(fsys, name, use)
	}

	*buf = data[:0]

	use(data)

	return nil
}

func (c *contents) readLarge(fsys fs.FS, name string, use func([]byte)) error {
	c.mu.Lock()
	defer c.mu.Unlock()

	data, size, err := readInto(fsys, name, c.large, maxFile)

	switch {
	case err != nil:
		return err
	case size > maxFile: // it grew meanwhile
		return errLarge
	}

	c.large = data[:0]

	use(data)

	return nil
}

func readInto(fsys fs.FS, name string, buf []byte, limit int) (data []byte, size int64, err error) {
	if r, ok := fsys.(Reader); ok {
		return r.ReadInto(name, buf, limit)
	}

	f, err := fsys.Open(name)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()

	into := bytes.NewBuffer(buf[:0])
	if size, err = into.ReadFrom(io.LimitReader(f, int64(limit)+1)); err != nil || size > int64(limit) {
		return nil, size, err
	}

	return into.Bytes(), size, nil
}
