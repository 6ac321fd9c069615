package githubtest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// object is a JSON object as GitHub sends it.
type object = map[string]any

// call is one request on its way through the server.
type call struct {
	s      *Server
	r      *http.Request
	body   []byte
	path   string // without the prefix of an Enterprise Server
	api    string // where this API is, without a final slash
	html   string // where its pages are
	token  *token // nil: anonymous
	byApp  bool   // signed by the App itself
	repo   *repository
	answer *answer
}

// answer is what goes back.
type answer struct {
	status int
	header http.Header
	data   []byte
}

// Header, Write and WriteHeader are for the mux alone, which answers only what
// no route knows.
func (c *call) Header() http.Header            { return http.Header{} }
func (c *call) Write(data []byte) (int, error) { return len(data), nil }
func (c *call) WriteHeader(int)                {}

// serve finds the route and answers.
func (c *call) serve() {
	if !c.authenticate() {
		return
	}

	c.s.mux.ServeHTTP(c, rewound(c.r, c.path, c.body))

	if c.answer.status == 0 {
		c.unknown("the route")
	}

	c.tag()
	c.count()
}

// unknown refuses what this stand-in was not made for, and remembers it.
func (c *call) unknown(what string) {
	line := fmt.Sprintf("%s %s: %s is unknown to githubtest", c.r.Method, c.r.URL.RequestURI(), what)
	c.s.unexpected = append(c.s.unexpected, line)
	c.fail(http.StatusNotImplemented, line)
}

// ok answers with a value.
func (c *call) ok(status int, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // our own shapes always marshal
	}

	c.answer.status, c.answer.data = status, data
	c.answer.header.Set("Content-Type", "application/json; charset=utf-8")
}

// fail answers with GitHub's error shape.
func (c *call) fail(status int, message string) {
	c.ok(status, object{
		"message": message, "documentation_url": "https://docs.github.com/rest", "status": strconv.Itoa(status),
	})
}

// invalid answers that validation failed.
func (c *call) invalid(errors ...object) {
	c.ok(http.StatusUnprocessableEntity, object{
		"message": "Validation Failed", "errors": errors, "documentation_url": "https://docs.github.com/rest", "status": "422",
	})
}

func (c *call) missing() { c.fail(http.StatusNotFound, "Not Found") }

// decode reads the request's body; a field that v lacks is unknown.
func (c *call) decode(v any) bool {
	decoder := json.NewDecoder(bytes.NewReader(c.body))
	decoder.DisallowUnknownFields()

	err := decoder.Decode(v)
	if err == nil {
		return true
	}

	if strings.HasPrefix(err.Error(), "json: unknown field") {
		c.unknown("a field (" + err.Error() + ")")
	} else {
		c.fail(http.StatusBadRequest, "Problems parsing JSON")
	}

	return false
}

// query reads the request's parameters; one that is not in known is unknown.
func (c *call) query(known ...string) (map[string]string, bool) {
	values := map[string]string{}

	for _, name := range slices.Sorted(maps.Keys(c.r.URL.Query())) {
		if !slices.Contains(known, name) {
			c.unknown("the parameter " + name)

			return nil, false
		}

		values[name] = c.r.URL.Query().Get(name)
	}

	return values, true
}

// tag gives a read an ETag and answers 304 to who has it already. As GitHub's
// it is made of what the answer varies by too: another token for the same user
// gets another ETag for the same answer. Since the answer would be compressed,
// it is a weak one, and compared as such.
func (c *call) tag() {
	if c.r.Method != http.MethodGet || c.answer.status != http.StatusOK {
		return
	}

	sum := sha256.New()

	for _, name := range []string{"Accept", "Authorization", "Cookie"} {
		for _, value := range c.r.Header.Values(name) {
			sum.Write([]byte(value + ":"))
		}
	}

	sum.Write(c.answer.data)

	etag := `"` + hex.EncodeToString(sum.Sum(nil)) + `"`
	c.answer.header.Set("ETag", "W/"+etag)
	c.answer.header.Set("Vary", "Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding, Accept, X-Requested-With")
	c.answer.header.Set("Cache-Control", "private, max-age=60, s-maxage=60")

	if strings.TrimPrefix(c.r.Header.Get("If-None-Match"), "W/") == etag {
		c.answer.status, c.answer.data = http.StatusNotModified, nil
		c.answer.header.Del("Content-Type")
	}
}

func (a *answer) write(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)
	w.Header().Set("X-Github-Media-Type", "github.v3; format=json")
	w.Header().Set("X-Github-Api-Version-Selected", "2022-11-28")

	if a.status != http.StatusNotModified {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.data)))
	}

	w.WriteHeader(a.status)

	if len(a.data) > 0 {
		_, _ = w.Write(a.data) // a client that is gone is the client's affair
	}
}
