package dashboard

import (
	"net/http"
	"net/url"
	"strings"
)

// policy lets a page load its own style sheet and pictures, and nothing run.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guarded answers only who may look, under a name that is ours, and tells
// browsers what a page may do: nearly nothing.
func guarded(a Access, pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for name, value := range map[string]string{
			"Cache-Control": "no-store", "Content-Security-Policy": policy, "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
			"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
		} {
			h.Set(name, value)
		}

		switch {
		case !a.named(r.Host):
			http.Error(w, "no page is served under this name", http.StatusMisdirectedRequest)
		case foreign(r):
			http.Error(w, "another site's page may not read this", http.StatusForbidden)
		case !a.admits(r):
			challenge(w, a)
		default:
			pages.ServeHTTP(w, r)
		}
	})
}

// foreign tells a request that the page of another site makes. Following a
// link from there is a person's own doing, and fine.
func foreign(r *http.Request) bool {
	if origin := r.Header.Get("Origin"); origin != "" {
		if u, err := url.Parse(origin); err != nil || !strings.EqualFold(u.Host, r.Host) {
			return true
		}
	}

	site := r.Header.Get("Sec-Fetch-Site")
	elsewhere := site == "cross-site" || site == "same-site"

	return elsewhere && (r.Header.Get("Sec-Fetch-Mode") != "navigate" || r.Header.Get("Sec-Fetch-Dest") != "document")
}

func challenge(w http.ResponseWriter, a Access) {
	if a.Token != nil {
		w.Header().Add("WWW-Authenticate", `Bearer realm="bot"`)
		w.Header().Add("WWW-Authenticate", `Basic realm="bot", charset="UTF-8"`)
	}

	http.Error(w, "who are you?", http.StatusUnauthorized)
}

// refused is for what only looks do not: this reads, and nothing else.
func refused(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Allow", "GET, HEAD")
	http.Error(w, "this page is only read", http.StatusMethodNotAllowed)
}
