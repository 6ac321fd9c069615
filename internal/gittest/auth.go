package gittest

import (
	"net/http"
	"strings"
)

const (
	uploadPack  = "git-upload-pack"
	receivePack = "git-receive-pack"
)

// Allow lets in who sends token as the password of basic authentication; with
// write it may push as well. The first call locks everybody else out.
func (s *Server) Allow(token string, write bool) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.tokens[token] = write
}

// Revoke locks token out again.
func (s *Server) Revoke(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()

	delete(s.tokens, token)
	s.tokens[""] = false // no longer open to everybody, and no one sends this
}

// admit answers and returns false when the request may not go on: 401 without
// a known token, 403 for a push with one that may only read.
func (s *Server) admit(w http.ResponseWriter, r *http.Request) bool {
	s.mu.Lock()
	open := len(s.tokens) == 0
	_, token, _ := r.BasicAuth()
	write, known := s.tokens[token]
	s.mu.Unlock()

	switch {
	case open:
		return true
	case !known || token == "":
		w.Header().Set("WWW-Authenticate", `Basic realm="git"`)
		http.Error(w, "a token is needed", http.StatusUnauthorized)

		return false
	case service(r) == receivePack && !write:
		http.Error(w, "this token may not write to the repository", http.StatusForbidden)

		return false
	}

	return true
}

// service is the git service that a request is about: git-upload-pack (fetch)
// or git-receive-pack (push).
func service(r *http.Request) string {
	if name := r.URL.Query().Get("service"); name != "" {
		return name
	}

	return r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
}
