package registrytest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// grant is what a token allows.
type grant struct {
	scope   string // "repository:owner/name:pull"
	expires time.Time
}

// ExpireTokens makes every token issued so far worthless.
func (s *Server) ExpireTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()

	clear(s.tokens)
}

func (s *Server) authorized(r *http.Request, c call) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return false
	}

	s.mu.Lock()
	defer s.mu.Unlock()

	g, ok := s.tokens[token]

	return ok && s.opts.Now().Before(g.expires) && (c.route == Ping || g.scope == scopeOf(c.repo))
}

func scopeOf(repo string) string { return "repository:" + repo + ":pull" }

// challenge answers as ghcr.io does, whose /v2/ asks for a scope on a repository that nobody has.
func (s *Server) challenge(w http.ResponseWriter, c call) {
	repo := c.repo
	if c.route == Ping {
		repo = "user/image"
	}

	w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Bearer realm="%s://%s/token",service="%s",scope="%s"`, s.scheme(), s.Host(), s.Host(), scopeOf(repo)))
	refuse(w, http.StatusUnauthorized, "UNAUTHORIZED", "authentication required")
}

func (s *Server) serveToken(w http.ResponseWriter, r *http.Request) {
	_, secret, named := r.BasicAuth()
	scope := r.URL.Query().Get("scope")
	repo := strings.TrimSuffix(strings.TrimPrefix(scope, "repository:"), ":pull")

	s.mu.Lock()
	known := s.repos[repo] != nil
	s.mu.Unlock()

	switch {
	case r.URL.Query().Get("service") != s.Host():
		refuse(w, http.StatusBadRequest, "UNSUPPORTED", "no such service")
	case named && !slices.Contains(s.opts.Secrets, secret):
		refuse(w, http.StatusForbidden, "DENIED", "invalid token "+secret)
	case !named && slices.Contains(s.opts.Private, repo):
		refuse(w, http.StatusUnauthorized, "UNAUTHORIZED", "authentication required")
	case !known:
		refuse(w, http.StatusForbidden, "DENIED", "requested access to the resource is denied")
	default:
		s.issue(w, scope)
	}
}

func (s *Server) issue(w http.ResponseWriter, scope string) {
	s.mu.Lock()
	s.issued++
	token := fmt.Sprintf("canary-registry-token-%d", s.issued)
	s.tokens[token] = grant{scope: scope, expires: s.opts.Now().Add(s.opts.TokenLife)}
	s.mu.Unlock()

	body, err := json.Marshal(map[string]string{"token": token})
	if err != nil {
		body = nil // strings always encode
	}

	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
}
