package cluster

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/client-go/rest"
)

// api answers as an API server does, page by page; what it was not made for is 404.
type api struct {
	t       *testing.T
	answers map[string]func(w http.ResponseWriter, r *http.Request)
	methods map[string]int
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.methods[r.Method]++
	w.Header().Set("Content-Type", "application/json")

	if f, ok := a.answers[r.URL.Path]; ok {
		f(w, r)

		return
	}

	status(w, http.StatusNotFound, "NotFound")
}

func status(w http.ResponseWriter, code int, reason string) {
	w.WriteHeader(code)
	write(w, map[string]any{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "code": code, "message": "no"})
}

func write(w http.ResponseWriter, v any) {
	if err := json.NewEncoder(w).Encode(v); err != nil {
		panic(err)
	}
}

// serve is a cluster with Pods, ConfigMaps and Namespaces.
func serve(t *testing.T) (*api, *Cluster) {
	t.Helper()

	a := &api{t: t, methods: map[string]int{}, answers: map[string]func(http.ResponseWriter, *http.Request){}}
	a.answers["/api/v1"] = func(w http.ResponseWriter, _ *http.Request) {
		write(w, map[string]any{"kind": "APIResourceList", "groupVersion": "v1", "resources": []any{
			map[string]any{"name": "pods", "kind": "Pod", "namespaced": true},
			map[string]any{"name": "pods/log", "kind": "Pod", "namespaced": true},
			map[string]any{"name": "configmaps", "kind": "ConfigMap", "namespaced": true},
			map[string]any{"name": "namespaces", "kind": "Namespace"},
			map[string]any{"name": "secrets", "kind": "Secret", "namespaced": true},
		}})
	}

	server := httptest.NewServer(a)
	t.Cleanup(server.Close)

	c, err := connect(&rest.Config{Host: server.URL}, "here", Options{PageSize: 2, Timeout: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}

	return a, c
}

// pages answers a list with a page for each token.
func pages(byToken map[string][]string, next map[string]string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		token := r.URL.Query().Get("continue")

		names, ok := byToken[token]
		if !ok || r.URL.Query().Get("limit") != "2" {
			status(w, http.StatusGone, "Expired")

			return
		}

		items := []any{}
		for _, name := range names {
			items = append(items, map[string]any{"metadata": map[string]any{"name": name}})
		}

		write(w, map[string]any{"kind": "PodList", "apiVersion": "v1", "metadata": map[string]any{"continue": next[token]}, "items": items})
	}
}

func names(o Objects) []string {
	out := []string{}
	for _, item := range o.Items {
		metadata, _ := item["metadata"].(map[string]any)
		out = append(out, item["kind"].(string)+" "+metadata["name"].(string))
	}

	return out
}

func TestReadFollowsEveryPageAndGoesOnAfterARefusal(t *testing.T) {
	t.Parallel()

	a, c := serve(t)
	a.answers["/api/v1/namespaces/here/pods"] = pages(map[string][]string{"": {"a", "b"}, "2": {"c"}}, map[string]string{"": "2"})
	a.answers["/api/v1/namespaces/here/configmaps"] = func(w http.ResponseWriter, _ *http.Request) { status(w, http.StatusForbidden, "Forbidden") }
	a.answers["/api/v1/namespaces/one"] = func(w http.ResponseWriter, _ *http.Request) {
		write(w, map[string]any{"kind": "Namespace", "apiVersion": "v1", "metadata": map[string]any{"name": "one"}})
	}

	got, err := c.Read(t.Context(), []Kind{
		{APIVersion: "v1", Kind: "ConfigMap"},
		{APIVersion: "v1", Kind: "Secret"},
		{APIVersion: "v1", Kind: "Gadget"},
		{APIVersion: "example.org/v1", Kind: "Thing"},
		{APIVersion: "v1", Kind: "Namespace", Names: []string{"one", "two"}},
		{APIVersion: "v1", Kind: "Pod", Namespace: "here"},
	})
	if err != nil {
		t.Fatal(err)
	}

	if diff := cmp.Diff([]string{"Namespace one", "Pod a", "Pod b", "Pod c"}, names(got)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}

	var unread []string
	for _, u := range got.Unread {
		unread = append(unread, u.Kind.Kind+": "+u.Reason)
	}

	want := []string{
		"ConfigMap: forbidden: the account may not get and list it", "Secret: Secrets are never read",
		"Gadget: the cluster does not know Gadget of v1", "Thing: the cluster does not know this group and version",
	}
	if diff := cmp.Diff(want, unread); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}

	if len(a.methods) != 1 || a.methods[http.MethodGet] == 0 {
		t.Errorf("methods: %v, want GET alone", a.methods)
	}
}

func TestAListThatTheServerForgotIsBegunOnceMore(t *testing.T) {
	t.Parallel()

	a, c := serve(t)

	forgot := false
	good := pages(map[string][]string{"": {"a", "b"}, "2": {"c"}}, map[string]string{"": "2"})
	a.answers["/api/v1/namespaces/here/pods"] = func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("continue") == "2" && !forgot {
			forgot = true

			status(w, http.StatusGone, "Expired")

			return
		}

		good(w, r)
	}

	got, err := c.Read(t.Context(), []Kind{{APIVersion: "v1", Kind: "Pod"}})
	if err != nil || len(got.Items) != 3 {
		t.Errorf("%v, %v", names(got), err)
	}

	a.answers["/api/v1/namespaces/here/pods"] = pages(map[string][]string{"": {"a"}}, map[string]string{"": "2"})

	if got, err = c.Read(t.Context(), []Kind{{APIVersion: "v1", Kind: "Pod"}}); err != nil || len(got.Unread) != 1 || !strings.Contains(got.Unread[0].Reason, "410 Gone") {
		t.Errorf("for ever: %+v, %v", got, err)
	}
}

func TestAClusterThatCannotBeAskedIsAnError(t *testing.T) {
	t.Parallel()

	a, c := serve(t)
	a.answers["/api/v1"] = func(w http.ResponseWriter, _ *http.Request) { status(w, http.StatusUnauthorized, "Unauthorized") }

	if _, err := c.Read(t.Context(), []Kind{{APIVersion: "v1", Kind: "Pod"}}); err == nil || !strings.Contains(err.Error(), "reading Pod from the cluster") {
		t.Errorf("nobody known: err = %v", err)
	}

	a.answers["/api/v1"] = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	c.timeout = 50 * time.Millisecond

	begun := time.Now()
	if _, err := c.Read(t.Context(), []Kind{{APIVersion: "v1", Kind: "Pod"}}); err == nil || time.Since(begun) > 5*time.Second {
		t.Errorf("a server that never answers: err = %v after %s", err, time.Since(begun))
	}

	dead, err := connect(&rest.Config{Host: "http://127.0.0.1:1"}, "here", Options{})
	if err != nil {
		t.Fatal(err)
	}

	if _, err := dead.Read(t.Context(), []Kind{{APIVersion: "v1", Kind: "Pod"}}); err == nil {
		t.Error("nobody there: no error")
	}
}

const kubeconfig = `
apiVersion: v1
kind: Config
current-context: here
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: u, user: {token: canary}}]
contexts:
- {name: here, context: {cluster: c, user: u, namespace: social}}
- {name: there, context: {cluster: c, user: u}}
`

func TestOpenTakesTheContextThatWasAskedFor(t *testing.T) {
	t.Parallel()

	file := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(file, []byte(kubeconfig), 0o600); err != nil {
		t.Fatal(err)
	}

	for context, namespace := range map[string]string{"": "social", "here": "social", "there": "default"} {
		c, err := Open(Options{Kubeconfig: file, Context: context})
		if err != nil || c.Namespace() != namespace {
			t.Errorf("context %q: %v, %v", context, c, err)
		}
	}

	_, err := Open(Options{Kubeconfig: file, Context: "nowhere"})

	unknown, ok := errors.AsType[*ContextError](err)
	if !ok || !strings.Contains(unknown.Error(), "the kubeconfig has here, there") || strings.Contains(err.Error(), "canary") {
		t.Errorf("err = %v", err)
	}

	if _, err := Open(Options{Kubeconfig: filepath.Join(t.TempDir(), "none")}); err == nil {
		t.Error("a file that is not there: no error")
	}
}
