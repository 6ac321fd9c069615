package app_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v4"
	"go.uber.org/goleak"

	"github.com/goingdark-social/bot/pkg/gh/app"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const appID = 4242

// newKey is a private key and its PEM.
func newKey(t testing.TB) (*rsa.PrivateKey, []byte) {
	t.Helper()

	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}

	return key, pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
}

// stand is the part of GitHub that an App speaks to as itself. It believes a
// signature only by the App's present key.
type stand struct {
	t   testing.TB
	url string

	mu        sync.Mutex
	key       *rsa.PrivateKey
	pem       []byte
	on        map[string]int64          // the installation of a repository
	installed map[int64]map[string]any  // what is said of an installation
	life      time.Duration             // of a token
	fault     func(http.ResponseWriter) // answers in the place of everything else
	calls     []string
	issued    int
}

func newStand(t testing.TB) *stand {
	t.Helper()

	s := &stand{t: t, on: map[string]int64{}, installed: map[int64]map[string]any{}, life: time.Hour}
	s.key, s.pem = newKey(t)

	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v3/repos/{owner}/{name}/installation", s.find)
	mux.HandleFunc("GET /api/v3/app/installations/{id}", s.show)
	mux.HandleFunc("POST /api/v3/app/installations/{id}/access_tokens", s.token)

	server := httptest.NewServer(s.guard(mux))
	t.Cleanup(server.Close)
	s.url = server.URL + "/api/v3/"

	return s
}

// install installs the App on an account, for a repository.
func (s *stand) install(repository string, id int64, permissions map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()

	owner, _, _ := strings.Cut(repository, "/")
	s.on[repository] = id
	s.installed[id] = map[string]any{
		"id": id, "account": map[string]any{"login": owner}, "permissions": permissions,
		"html_url": fmt.Sprintf("https://github.com/organizations/%s/settings/installations/%d", owner, id),
	}
}

func (s *stand) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()

		s.calls = append(s.calls, r.Method+" "+strings.TrimPrefix(r.URL.Path, "/api/v3"))

		switch {
		case s.fault != nil:
			s.fault(w)
		case !s.believes(r.Header.Get("Authorization")):
			refuse(w, http.StatusUnauthorized, "A JSON web token could not be decoded")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func (s *stand) believes(authorization string) bool {
	signed, ok := strings.CutPrefix(authorization, "Bearer ")

	var claims jwt.RegisteredClaims

	_, err := jwt.ParseWithClaims(signed, &claims, func(*jwt.Token) (any, error) { return &s.key.PublicKey, nil }, jwt.WithValidMethods([]string{"RS256"}))

	// GitHub admits ten minutes: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
	return ok && err == nil && claims.Issuer == strconv.Itoa(appID) && time.Until(claims.ExpiresAt.Time) < 10*time.Minute
}

func (s *stand) find(w http.ResponseWriter, r *http.Request) {
	id, ok := s.on[r.PathValue("owner")+"/"+r.PathValue("name")]
	if !ok {
		refuse(w, http.StatusNotFound, "Not Found")

		return
	}

	reply(w, http.StatusOK, s.installed[id])
}

func (s *stand) show(w http.ResponseWriter, r *http.Request) {
	if i, ok := s.installed[number(r)]; ok {
		reply(w, http.StatusOK, i)
	} else {
		refuse(w, http.StatusNotFound, "Not Found")
	}
}

func (s *stand) token(w http.ResponseWriter, r *http.Request) {
	i, ok := s.installed[number(r)]

	switch {
	case !ok:
		refuse(w, http.StatusNotFound, "Not Found")
	case i["suspended_at"] != nil:
		refuse(w, http.StatusForbidden, "This installation has been suspended")
	default:
		s.issued++
		reply(w, http.StatusCreated, map[string]any{
			"token":      fmt.Sprintf("ghs_%d_%016d", number(r), s.issued),
			"expires_at": time.Now().Add(s.life).UTC().Format(time.RFC3339),
		})
	}
}

func number(r *http.Request) int64 {
	id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)

	return id
}

func refuse(w http.ResponseWriter, status int, message string) {
	reply(w, status, map[string]any{"message": message})
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// said is what was asked of the stand so far.
func (s *stand) said() []string {
	s.mu.Lock()
	defer s.mu.Unlock()

	return append([]string(nil), s.calls...)
}

// change changes the stand between two requests.
func (s *stand) change(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// app is the App, with the key that the stand knows.
func (s *stand) app(change ...func(*app.Options)) *app.App {
	s.t.Helper()

	transport := http.DefaultTransport.(*http.Transport).Clone()
	s.t.Cleanup(transport.CloseIdleConnections)

	o := app.Options{ID: appID, Key: func() ([]byte, error) { return s.pem, nil }, API: s.url, Transport: transport}
	for _, c := range change {
		c(&o)
	}

	a, err := app.New(o)
	if err != nil {
		s.t.Fatal(err)
	}

	return a
}
