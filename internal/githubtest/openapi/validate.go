package openapi

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/vektah/gqlparser/v2/ast"
)

// Violations are what was said against the description. It is safe for
// concurrent use.
type Violations struct {
	mu      sync.Mutex
	all     []string
	checked map[string]int
}

// All are the violations, in order.
func (v *Violations) All() []string {
	v.mu.Lock()
	defer v.mu.Unlock()

	return slices.Clone(v.all)
}

// Checked counts the exchanges by "METHOD /path/{template} STATUS", so that a
// test can tell that it checked anything.
func (v *Violations) Checked() map[string]int {
	v.mu.Lock()
	defer v.mu.Unlock()

	return maps.Clone(v.checked)
}

func (v *Violations) count(exchange string) {
	v.mu.Lock()
	defer v.mu.Unlock()

	v.checked[exchange]++
}

func (v *Violations) addf(format string, args ...any) {
	v.mu.Lock()
	defer v.mu.Unlock()

	v.all = append(v.all, fmt.Sprintf(format, args...))
}

type checker struct {
	*Description

	next http.Handler
}

// Description is GitHub's own, read once for any number of handlers.
type Description struct {
	router     routers.Router
	schema     *ast.Schema // of GraphQL; nil: not loaded
	violations *Violations
}

// Load reads the description in the file spec.
func Load(spec string) (*Description, error) {
	loader := openapi3.NewLoader()

	doc, err := loader.LoadFromFile(spec)
	if err != nil {
		return nil, fmt.Errorf("reading GitHub's description: %w", err)
	}

	// The document itself is not validated: two of GitHub's own paths fail.
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		return nil, fmt.Errorf("routing by GitHub's description: %w", err)
	}

	return &Description{router: router, violations: &Violations{checked: map[string]int{}}}, nil
}

// Violations are those of all handlers.
func (d *Description) Violations() *Violations { return d.violations }

// Validate is handler, each exchange with which is held against the
// description. The path prefix of an Enterprise Server is overlooked.
//
// The description lists few of GitHub's refusals. An answer of 400 and above
// that it does not list for an operation must then be of GitHub's one shape
// for errors.
func (d *Description) Validate(handler http.Handler) http.Handler {
	return &checker{d, handler}
}

// Validate is Description.Validate for a single handler.
func Validate(handler http.Handler, spec string) (http.Handler, *Violations, error) {
	d, err := Load(spec)
	if err != nil {
		return nil, nil, err
	}

	return d.Validate(handler), d.violations, nil
}

func (v *checker) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/graphql") {
		v.graphql(w, r)

		return
	}

	body, err := io.ReadAll(r.Body)
	if err != nil {
		v.violations.addf("%s %s: the body could not be read: %v", r.Method, r.URL.Path, err)
	}

	name := r.Method + " " + r.URL.RequestURI()
	input := v.request(name, described(r, body))

	r.Body = io.NopCloser(bytes.NewReader(body))
	recorder := httptest.NewRecorder()
	v.next.ServeHTTP(recorder, r)

	if input != nil {
		v.response(name, input, recorder)
	}

	maps.Copy(w.Header(), recorder.Header())
	w.WriteHeader(recorder.Code)
	_, _ = w.Write(recorder.Body.Bytes()) // a client that is gone is the client's affair
}

// described is r as the description speaks of it, by the API's real name.
func described(r *http.Request, body []byte) *http.Request {
	inner := r.Clone(context.WithoutCancel(r.Context()))
	inner.URL.Scheme, inner.URL.Host, inner.Host = "https", "api.github.com", "api.github.com"
	inner.URL.Path = strings.TrimPrefix(r.URL.Path, "/api/v3")
	inner.URL.RawPath = ""
	inner.Body = io.NopCloser(bytes.NewReader(body))

	return inner
}

func (v *checker) request(name string, r *http.Request) *openapi3filter.RequestValidationInput {
	route, params, err := v.router.FindRoute(r)
	if err != nil {
		v.violations.addf("%s: GitHub's description has no such operation: %v", name, err)

		return nil
	}

	input := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: route,
		Options: &openapi3filter.Options{
			AuthenticationFunc: openapi3filter.NoopAuthenticationFunc,
			MultiError:         true, IncludeResponseStatus: true,
		},
	}

	if err := openapi3filter.ValidateRequest(r.Context(), input); err != nil {
		v.violations.addf("%s: request: %s", name, brief(err))
	}

	return input
}

func (v *checker) response(name string, input *openapi3filter.RequestValidationInput, answer *httptest.ResponseRecorder) {
	exchange := fmt.Sprintf("%s %s %d", input.Request.Method, input.Route.Path, answer.Code)

	v.violations.count(exchange)

	if input.Route.Operation.Responses.Status(answer.Code) == nil && answer.Code >= http.StatusBadRequest {
		v.refusal(name, answer)

		return
	}

	err := openapi3filter.ValidateResponse(input.Request.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: answer.Code, Header: answer.Header(),
		Body: io.NopCloser(bytes.NewReader(answer.Body.Bytes())), Options: input.Options,
	})
	if err != nil {
		v.violations.addf("%s: answer %d: %s", name, answer.Code, brief(err))
	}
}

// brief leaves out the schemas that kin-openapi prints with an error.
func brief(err error) string {
	text := err.Error()
	if i := strings.Index(text, "\nSchema:"); i >= 0 {
		text = text[:i]
	}

	return text
}
