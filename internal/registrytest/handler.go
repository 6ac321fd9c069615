package registrytest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// Route is one kind of request.
type Route string

// The routes of the registry. Blob is the download itself, on the host that a request for BlobRedirect is sent to.
const (
	Any          Route = ""
	Ping         Route = "ping"
	Token        Route = "token"
	Tags         Route = "tags"
	Manifest     Route = "manifest"
	BlobRedirect Route = "blob-redirect"
	Blob         Route = "blob"
	Elsewhere    Route = "elsewhere" // what this registry was not made for
)

const blobPath = "/ghcr1/blobs/"

// call is a request, taken apart.
type call struct {
	route     Route
	repo      string // "owner/name"
	reference string // tag or digest
}

func understand(r *http.Request) call {
	path := r.URL.Path
	switch {
	case path == "/v2/":
		return call{route: Ping}
	case path == "/token":
		return call{route: Token}
	case strings.HasPrefix(path, blobPath):
		repo, digest, _ := cutLast(strings.TrimPrefix(path, blobPath), "/")

		return call{route: Blob, repo: repo, reference: digest}
	}

	inner, ok := strings.CutPrefix(path, "/v2/")
	if !ok {
		return call{route: Elsewhere}
	}

	if repo, ok := strings.CutSuffix(inner, "/tags/list"); ok {
		return call{route: Tags, repo: repo}
	}

	if repo, reference, ok := cutLast(inner, "/manifests/"); ok && !strings.Contains(reference, "/") {
		return call{route: Manifest, repo: repo, reference: reference}
	}

	if repo, digest, ok := cutLast(inner, "/blobs/"); ok && !strings.Contains(digest, "/") {
		return call{route: BlobRedirect, repo: repo, reference: digest}
	}

	return call{route: Elsewhere}
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}

	return s, "", false
}

func (s *Server) handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := understand(r)
		recorded := &recorder{ResponseWriter: w}

		defer func() { s.record(r, c, recorded.status) }()

		fault := s.fault(c)
		if fault != nil && fault.before(recorded, r) {
			return
		}

		s.serve(fault.around(recorded), r, c, fault)
	})
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, c call, fault *Fault) {
	switch {
	case c.route == Elsewhere:
		refuse(w, http.StatusNotFound, "UNSUPPORTED", "no such route")
	case r.Method != http.MethodGet && (r.Method != http.MethodHead || c.route != Manifest):
		refuse(w, http.StatusMethodNotAllowed, "UNSUPPORTED", "this registry is read-only")
	case c.route == Token:
		s.serveToken(w, r)
	case c.route == Blob:
		s.serveBlob(w, r, c)
	case !s.authorized(r, c):
		s.challenge(w, c)
	case c.route == Ping:
		w.Header().Set("Docker-Distribution-Api-Version", "registry/2.0")
	case c.route == Tags:
		s.serveTags(w, r, c, fault)
	case c.route == Manifest:
		s.serveManifest(w, r, c)
	case c.route == BlobRedirect:
		s.redirectBlob(w, r, c)
	}
}

func (s *Server) serveManifest(w http.ResponseWriter, r *http.Request, c call) {
	digest, ok, err := s.resolve(c.repo, c.reference)
	switch {
	case err != nil:
		refuse(w, http.StatusInternalServerError, "UNKNOWN", err.Error())
	case !ok:
		refuse(w, http.StatusNotFound, "MANIFEST_UNKNOWN", "manifest unknown")
	default:
		s.fromStore(w, r, "/v2/"+c.repo+"/manifests/"+digest)
	}
}

func (s *Server) redirectBlob(w http.ResponseWriter, r *http.Request, c call) {
	host := blobHost
	if s.opts.Host == "" {
		host = s.Host()
	}

	to := url.URL{Scheme: s.scheme(), Host: host, Path: blobPath + c.repo + "/" + c.reference, RawQuery: "sig=" + blobSignature}
	http.Redirect(w, r, to.String(), http.StatusTemporaryRedirect)
}

// blobSignature stands for the storage provider's signed query, a secret for as long as it lives.
const blobSignature = "canary-blob-signature"

// serveBlob refuses a caller that sends the registry's token along, as the storage behind ghcr.io does. Over plain HTTP both are one
// host, so clients may send it.
func (s *Server) serveBlob(w http.ResponseWriter, r *http.Request, c call) {
	switch {
	case r.URL.Query().Get("sig") != blobSignature:
		refuse(w, http.StatusForbidden, "DENIED", "the signature is wrong")
	case s.opts.Host != "" && r.Header.Get("Authorization") != "":
		refuse(w, http.StatusBadRequest, "UNSUPPORTED", "authentication information is not given in the correct format")
	default:
		s.fromStore(w, r, "/v2/"+c.repo+"/blobs/"+c.reference)
	}
}

func (s *Server) fromStore(w http.ResponseWriter, r *http.Request, path string) {
	inner := r.Clone(r.Context())
	inner.URL = &url.URL{Path: path}
	s.store.ServeHTTP(w, inner)
}

// refuse answers in the form of the distribution specification.
func refuse(w http.ResponseWriter, status int, code, message string) {
	body, err := json.Marshal(map[string]any{"errors": []any{map[string]string{"code": code, "message": message}}})
	if err != nil {
		body = nil // strings always encode
	}

	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
