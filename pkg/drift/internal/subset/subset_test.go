package subset_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/pkg/drift/internal/subset"
)

func decode(t *testing.T, text string) any {
	t.Helper()

	var v any
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}

	return v
}

func TestCompare(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		want, have string
		paths      []string
	}{
		"the same":                      {`{a: 1, b: [x]}`, `{a: 1, b: [x]}`, nil},
		"more is no difference":         {`{a: 1}`, `{a: 1, b: 2}`, nil},
		"another value":                 {`{a: {b: 1}}`, `{a: {b: 2}}`, []string{"a.b: 1 → 2"}},
		"nothing there":                 {`{a: {b: 1}}`, `{a: {}}`, []string{"a.b: 1 → "}},
		"empty values are dropped":      {`{a: "", b: false, c: 0, d: {}, e: [], f: null, g: {h: ""}}`, `{}`, nil},
		"an empty value that is set":    {`{a: ""}`, `{a: x}`, []string{"a:  → x"}},
		"text and number":               {`{port: "80"}`, `{port: 80}`, nil},
		"quantities":                    {`{requests: {cpu: 1, memory: 1Gi}}`, `{requests: {cpu: 1000m, memory: 1024Mi}}`, nil},
		"other quantities":              {`{limits: {cpu: 250m}}`, `{limits: {cpu: 1}}`, []string{"limits.cpu: 250m → 1"}},
		"not every number is one":       {`{args: {cpu: 1000m}}`, `{args: {cpu: "1"}}`, []string{"args.cpu: 1000m → 1"}},
		"items by name, in any order":   {`[{name: a, v: 1}, {name: b, v: 2}]`, `[{name: x}, {name: b, v: 2}, {name: a, v: 3}]`, []string{"[name=a].v: 1 → 3"}},
		"an item that is gone":          {`[{name: a, v: 1}]`, `[{name: b}]`, []string{`[name=a]: {"name":"a","v":1} → `}},
		"mounts of one volume":          {`[{name: a, mountPath: /x}, {name: a, mountPath: /y}]`, `[{name: a, mountPath: /y}, {name: a, mountPath: /x}, {name: t, mountPath: /t}]`, nil},
		"ports without their protocol":  {`[{containerPort: 1}]`, `[{containerPort: 1, protocol: TCP}]`, nil},
		"one port, two protocols":       {`[{port: 1, protocol: TCP}, {port: 1, protocol: UDP}]`, `[{port: 1, protocol: UDP}, {port: 1, protocol: TCP}]`, nil},
		"a command is its words":        {`{command: [a, b]}`, `{command: [b, a]}`, []string{`command: ["a","b"] → ["b","a"]`}},
		"a longer command":              {`{command: [a]}`, `{command: [a, b]}`, []string{`command: ["a"] → ["a","b"]`}},
		"items that nothing identifies": {`[{type: a, x: {y: 1}}, {type: b}]`, `[{type: a, x: {y: 2}}, {type: b}]`, []string{"[0].x.y: 1 → 2"}},
		"other shapes":                  {`{a: [1]}`, `{a: {b: 1}}`, []string{`a: [1] → {"b":1}`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			var got []string
			for _, d := range subset.Compare(decode(t, c.want), decode(t, c.have)) {
				got = append(got, d.Path()+": "+d.Want+" → "+d.Have)
			}

			if diff := cmp.Diff(c.paths, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestOwners(t *testing.T) {
	t.Parallel()

	var object map[string]any
	if err := json.Unmarshal([]byte(`{"metadata":{"managedFields":[
		{"manager":"argocd","time":"2026-01-01T00:00:00Z","fieldsV1":{"f:spec":{"f:replicas":{},"f:containers":{"k:{\"name\":\"web\"}":{"f:args":{}}}}}},
		{"manager":"kubectl-set","time":"2026-02-01T00:00:00Z","fieldsV1":{"f:spec":{"f:containers":{"k:{\"name\":\"web\"}":{"f:image":{}}}}}},
		{"manager":"odd","fieldsV1":"?"}, 7]}}`), &object); err != nil {
		t.Fatal(err)
	}

	for _, c := range []struct {
		steps []string
		want  string
	}{
		{[]string{"spec", "containers", "[name=web]", "image"}, "kubectl-set"},
		{[]string{"spec", "containers", "[name=web]", "args", "[0]"}, "argocd"},
		{[]string{"spec", "replicas"}, "argocd"},
		{[]string{"spec", "paused"}, ""},
		{[]string{"spec", "containers", "[name=other]", "image"}, ""},
	} {
		got := ""
		for _, o := range subset.Owners(object, c.steps) {
			got += o.Manager
		}

		if got != c.want {
			t.Errorf("%v: %q, want %q", c.steps, got, c.want)
		}
	}
}

func FuzzCompare(f *testing.F) {
	f.Add(`{"requests":{"cpu":"1e3","memory":"1Gi"}}`, `{"requests":{"cpu":"1k","memory":"9e99999999"}}`)
	f.Add(`[{"name":"a"},{"name":"a"}]`, `[{"name":null}]`)
	f.Fuzz(func(t *testing.T, a, b string) {
		var want, have any
		if json.Unmarshal([]byte(a), &want) != nil || json.Unmarshal([]byte(b), &have) != nil {
			return
		}

		if d := subset.Compare(want, want); len(d) > 0 {
			t.Errorf("a value is not its own subset: %v", d)
		}

		subset.Compare(want, have)
	})
}
