package pack

import (
	"fmt"
	"io"
	"net/http"
	"strings"
)

// maxReferences is how much a server may say of its references, in bytes: some
// 700,000 of them.
const maxReferences = 64 << 20

// ReferencesError is a server that lists references without an end.
type ReferencesError struct {
	// Limit is what is read at most, in bytes.
	Limit int64
}

func (e *ReferencesError) Error() string {
	return fmt.Sprintf("the repository lists more than %d MB of references", e.Limit>>20)
}

// References is the body of an answer to req. Where req asks for the references
// it has an end: to read on behind what is taken of them is a *ReferencesError.
func References(req *http.Request, body io.ReadCloser) io.ReadCloser {
	if !strings.HasSuffix(req.URL.Path, "/info/refs") {
		return body
	}

	return &list{body, maxReferences}
}

type list struct {
	io.ReadCloser

	left int64
}

func (l *list) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, &ReferencesError{maxReferences}
	}

	n, err := l.ReadCloser.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)

	return n, err
}
