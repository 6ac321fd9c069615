package upstream

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
)

// A source is named by a repository's bot.yaml, and whoever writes that need not be whoever runs the program: what a
// source sends is bounded. In brackets, what upstream's main had in November 2026.
const (
	// maxFile bounds one file, in bytes (87 kB, the changelog).
	maxFile = 512 << 10
	// maxText bounds all files of a release together, in bytes (3.4 MB).
	maxText = 12 << 20
	// maxFiles bounds how many files are read (2,500).
	maxFiles = 50_000
	// maxFolders bounds how many folders are entered (750): a folder in git can hold itself many times over.
	maxFolders = 10_000
	// maxPack bounds what a git server's answer comes to when it is unpacked, in bytes (140 MB, where a server sends the
	// whole commit).
	maxPack = 512 << 20
	// maxTarball bounds what an archive may unpack to, in bytes (130 MB).
	maxTarball = 1 << 30
	// maxRedirects is as many as a renamed repository needs, and some.
	maxRedirects = 5
)

// LimitError is a source that is not read since it holds more than any release does.
type LimitError struct {
	// What there is too much of, and the Limit in Unit.
	What  string
	Limit int64
	Unit  string
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("%s more than the %d %s that a release may have", e.What, e.Limit, e.Unit)
}

// put adds a file to a tree that has room for it.
func (t *Tree) put(name, text, blob string) error {
	switch {
	case len(text) > maxFile:
		return &LimitError{name + " has", maxFile >> 10, "kB"}
	case len(t.Files) >= maxFiles:
		return &LimitError{"it has", maxFiles, "files"}
	case t.size+len(text) > maxText:
		return &LimitError{"its files have", maxText >> 20, "MB"}
	}
	t.size += len(text)
	t.Files[name] = File{Text: text, Blob: blob}
	return nil
}

// readFile reads a file that says itself how large it is.
func readFile(r io.Reader, size int64) (string, error) {
	if size > maxFile {
		return "", &LimitError{"it has", maxFile >> 10, "kB"}
	}
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	return string(data), err
}

// safely is the client with redirects that stay as safe as the address was: https leads to https.
func safely(client *http.Client) *http.Client {
	out := *client
	out.CheckRedirect = func(req *http.Request, via []*http.Request) error {
		if len(via) > maxRedirects {
			return errors.New("redirects too often")
		}
		if req.URL.Scheme != "https" && slices.ContainsFunc(via, func(r *http.Request) bool { return r.URL.Scheme == "https" }) {
			return errors.New("redirects to an address without TLS")
		}
		return nil
	}
	return &out
}
