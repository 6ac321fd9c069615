package openapi_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/goingdark-social/bot/internal/githubtest/openapi"
)

func TestValidate(t *testing.T) {
	t.Parallel()

	const path = "/repos/example/gitops/issues"

	for name, test := range map[string]struct {
		method, path, body string
		status             int
		answer             string
		violation          string // none if empty
	}{
		"right":            {"POST", path, `{"title":"x"}`, 201, `{"number":1}`, ""},
		"enterprise":       {"POST", "/api/v3" + path, `{"title":"x"}`, 201, `{"number":1}`, ""},
		"unknown path":     {"POST", "/nowhere", `{}`, 201, `{}`, "no such operation"},
		"unknown method":   {"DELETE", path, ``, 204, ``, "no such operation"},
		"wrong request":    {"POST", path, `{"title":1}`, 201, `{"number":1}`, "request: "},
		"lacks a field":    {"POST", path, `{}`, 201, `{"number":1}`, "title"},
		"wrong answer":     {"POST", path, `{"title":"x"}`, 201, `{"number":"1"}`, "answer 201"},
		"not JSON":         {"POST", path, `{"title":"x"}`, 201, `<html>`, "answer 201"},
		"unlisted success": {"POST", path, `{"title":"x"}`, 200, `{"number":1}`, "answer 200"},
		"refusal":          {"POST", path, `{"title":"x"}`, 403, `{"message":"no","documentation_url":"https://docs"}`, ""},
		"other refusal":    {"POST", path, `{"title":"x"}`, 403, `{"error":"no"}`, "not of GitHub's shape"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			var received string

			handler, violations, err := openapi.Validate(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				data, _ := io.ReadAll(r.Body)
				received = string(data)

				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.answer)
			}), "testdata/small.json")
			if err != nil {
				t.Fatal(err)
			}

			req := httptest.NewRequest(test.method, test.path, strings.NewReader(test.body))
			req.Header.Set("Content-Type", "application/json")

			recorder := httptest.NewRecorder()
			handler.ServeHTTP(recorder, req)

			if received != test.body || recorder.Code != test.status || recorder.Body.String() != test.answer {
				t.Errorf("passed on %q, %d %q", received, recorder.Code, recorder.Body)
			}

			found := strings.Join(violations.All(), "\n")
			if test.violation == "" && found != "" || !strings.Contains(found, test.violation) {
				t.Errorf("violations = %q, want %q", found, test.violation)
			}
		})
	}
}

func TestValidateWithoutADescription(t *testing.T) {
	t.Parallel()

	if _, _, err := openapi.Validate(http.NotFoundHandler(), "testdata/none.json"); err == nil {
		t.Error("no error without a description")
	}
}
