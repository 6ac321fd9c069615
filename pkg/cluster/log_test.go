package cluster

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLogIsTheEndOfOne(t *testing.T) {
	t.Parallel()

	a, c := serve(t)
	a.answers["/api/v1/namespaces/here/pods/p/log"] = func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		w.Header().Set("Content-Type", "text/plain")
		fmt.Fprintf(w, "%s %s\n", q.Get("container"), q.Get("tailLines"))
	}
	a.answers["/api/v1/namespaces/there/pods/p/log"] = func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, strings.Repeat("x", logRead), "the end of what is read", strings.Repeat("y", logRead))
	}
	a.answers["/api/v1/namespaces/shut/pods/p/log"] = func(w http.ResponseWriter, _ *http.Request) { status(w, http.StatusForbidden, "Forbidden") }

	got, err := c.Log(t.Context(), "", "p", "migrate")
	if err != nil || got != "migrate 100\n" {
		t.Errorf("%q, %v", got, err)
	}

	if got, err = c.Log(t.Context(), "there", "p", "migrate"); err != nil || len(got) != logKept {
		t.Errorf("a log without an end: %d bytes, %v", len(got), err)
	}

	if _, err = c.Log(t.Context(), "shut", "p", "migrate"); err == nil || !strings.Contains(err.Error(), "forbidden") {
		t.Errorf("err = %v", err)
	}
}

func TestOneIsReadByItsNameInANamespaceToo(t *testing.T) {
	t.Parallel()

	a, c := serve(t)
	a.answers["/api/v1/namespaces/there/pods/one"] = func(w http.ResponseWriter, _ *http.Request) {
		write(w, map[string]any{"kind": "Pod", "apiVersion": "v1", "metadata": map[string]any{"name": "one"}})
	}

	got, err := c.Read(t.Context(), []Kind{{APIVersion: "v1", Kind: "Pod", Namespace: "there", Names: []string{"none", "one"}, ByName: true}})
	if err != nil {
		t.Fatal(err)
	}

	if diff := cmp.Diff([]string{"Pod one"}, names(got)); diff != "" {
		t.Error(diff)
	}
}
