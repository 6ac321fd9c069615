package registrytest

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

const (
	defaultPage = 100
	largestPage = 1000
)

func (s *Server) serveTags(w http.ResponseWriter, r *http.Request, c call, fault *Fault) {
	asked, _ := strconv.Atoi(r.URL.Query().Get("n")) // no number is no wish, as at ghcr.io
	size := min(asked, largestPage)
	if size <= 0 {
		size = defaultPage
	}

	last := r.URL.Query().Get("last")
	tags, more := s.page(c.repo, last, size)
	if more || fault.is(EndlessPages) && len(tags) > 0 {
		w.Header().Set("Link", s.link(c.repo, tags[len(tags)-1], asked, fault))
	}

	s.writeTags(w, r, c.repo, tags)
}

func (s *Server) page(repo, last string, size int) (tags []string, more bool) {
	s.mu.Lock()
	defer s.mu.Unlock()

	all := s.repos[repo].tags
	from := slices.Index(all, last) + 1
	to := min(len(all), from+size)

	return slices.Clone(all[from:to]), to < len(all)
}

func (s *Server) link(repo, last string, n int, fault *Fault) string {
	query := url.Values{"last": {last}, "n": {strconv.Itoa(n)}}
	if fault.is(LoopingPages) {
		query.Set("last", "")
	}

	if fault.is(EndlessPages) { // each link is new, but the tags start over
		query.Set("last", "")
		query.Set("cursor", strconv.Itoa(s.Count(Tags)))
	}

	path := "/v2/" + repo + "/tags/list?" + query.Encode()
	if fault.is(ForeignLink) {
		path = "https://registry.example" + path
	}

	return fmt.Sprintf(`<%s>; rel="next"`, path)
}

func (s *Server) writeTags(w http.ResponseWriter, r *http.Request, repo string, tags []string) {
	body, err := json.Marshal(map[string]any{"name": repo, "tags": tags})
	if err != nil {
		refuse(w, http.StatusInternalServerError, "UNKNOWN", err.Error())

		return
	}

	w.Header().Set("Content-Type", "application/json")
	if s.opts.ETags {
		tag := fmt.Sprintf(`"%x"`, sha256.Sum256(append(body, w.Header().Get("Link")...)))
		w.Header().Set("ETag", tag)

		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)

			return
		}
	}

	_, _ = w.Write(body)
}

// Tags are those of a repository, in the order in which they came.
func (s *Server) Tags(repo string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()

	return slices.Clone(s.repo(repo).tags)
}
