package gh

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"net/http"
	"sync"
)

// packer makes answers small enough to be kept. Its own memory, a megabyte, is
// used again.
type packer struct {
	mu     sync.Mutex
	writer *flate.Writer
}

func (p *packer) pack(body []byte) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()

	var (
		out bytes.Buffer
		err error
	)

	if p.writer == nil {
		p.writer, err = flate.NewWriter(&out, flate.BestSpeed)
	} else {
		p.writer.Reset(&out)
	}

	if err == nil {
		_, err = p.writer.Write(body)
	}

	if err == nil {
		err = p.writer.Close()
	}

	return bytes.Clone(out.Bytes()), err
}

func unpack(packed []byte) ([]byte, error) {
	r := flate.NewReader(bytes.NewReader(packed))
	defer r.Close()

	body, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("reading a remembered answer: %w", err)
	}

	return body, nil
}

// lasting is what of an answer's header belongs to its body, and is not sent
// again when GitHub confirms it.
func lasting(header http.Header) http.Header {
	out := http.Header{}

	for _, name := range []string{"Content-Type", "Etag", "Link"} {
		if values, ok := header[name]; ok {
			out[name] = values
		}
	}

	return out
}
