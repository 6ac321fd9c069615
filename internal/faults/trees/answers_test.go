package trees_test

import (
	"archive/tar"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// answeredSources are servers that answer what no git server would.
func answeredSources() []sourceCase {
	archive := "/v9.0.0.tar.gz"

	return []sourceCase{
		{name: "references without an end", path: "/fork/mastodon.git", refused: "more than 64 MB of references", memory: 500, large: true, serve: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/x-git-upload-pack-advertisement")
			_, err := io.WriteString(w, "001e# service=git-upload-pack\n0000")

			for n := 0; err == nil && r.Context().Err() == nil; n++ {
				line := fmt.Sprintf("%040d refs/tags/v1.%d.0\n", n+1, n)
				if n == 0 {
					line = strings.TrimSuffix(line, "\n") + "\x00ofs-delta shallow filter allow-tip-sha1-in-want\n"
				}

				_, err = fmt.Fprintf(w, "%04x%s", len(line)+4, line)
			}
		}},
		{name: "a redirect to itself", path: "/fork/mastodon.git", refused: "redirects too often", serve: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path+"/x?"+r.URL.RawQuery, http.StatusFound)
		}},
		{name: "a page", path: "/fork/mastodon.git", refused: "asking for its tags", large: true, serve: func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, strings.Repeat("<p>\x1b[31m no \u202e", 1<<20))
		}},
		{name: "an archive of many files of 400 kB", path: archive, refused: "more than the 12 MB", serve: archiveOf("app/x%d.rb", 400_000, 1<<30)},
		{name: "an archive with a file of 1 GB", path: archive, refused: "more than the 512 kB", serve: archiveOf("app/x%d.rb", 1<<30, 1)},
		{name: "an archive of small files without an end", path: archive, refused: "more than the 50000 files", large: true, serve: archiveOf("app/x%d.rb", 10, 1<<30)},
		{name: "an archive of something else without an end", path: archive, refused: "tar: unexpected EOF", serve: archiveOf("x%d", 64<<20, 1<<30), large: true},
	}
}

// archiveOf answers with an archive of n files of so many zeros each.
func archiveOf(name string, size int64, n int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		zipped, _ := gzip.NewWriterLevel(w, gzip.BestSpeed)
		out := tar.NewWriter(zipped)

		for i := range n {
			err := out.WriteHeader(&tar.Header{Name: fmt.Sprintf("mastodon-9.0.0/"+name, i), Mode: 0o644, Size: size})
			if err == nil {
				_, err = io.CopyN(out, zeros{}, size)
			}

			if err != nil || r.Context().Err() != nil {
				return // who asked has gone
			}
		}

		_, _ = out.Close(), zipped.Close()
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)

	return len(p), nil
}
