package config_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/goingdark-social/bot/pkg/config"
)

func compile(t *testing.T, raw []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// value is what an editor sees of a YAML file: dates are texts.
func value(t *testing.T, n *yaml.Node) any {
	t.Helper()
	switch n.Kind {
	case yaml.DocumentNode:
		return value(t, n.Content[0])
	case yaml.AliasNode:
		return value(t, n.Alias)
	case yaml.SequenceNode:
		list := []any{}
		for _, c := range n.Content {
			list = append(list, value(t, c))
		}
		return list
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i < len(n.Content); i += 2 {
			if n.Content[i].Value != "<<" {
				m[n.Content[i].Value] = value(t, n.Content[i+1])
				continue
			}
			for k, v := range value(t, n.Content[i+1]).(map[string]any) {
				if _, own := m[k]; !own {
					m[k] = v
				}
			}
		}
		return m
	default:
		if n.ShortTag() == "!!timestamp" {
			return n.Value
		}
		var v any
		if err := n.Decode(&v); err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// TestPublishedSchemas: editors read the schemas from docs/schema. -update writes them.
func TestPublishedSchemas(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]byte{"policy.json": config.PolicySchema(), "operator.json": config.OperatorSchema()} {
		file := filepath.Join("..", "..", "docs", "schema", name)
		if *update {
			if err := os.WriteFile(file, want, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is stale: run go test ./pkg/config -run Published -update (%v)", name, err)
		}
	}
}

func schemas(t *testing.T) map[string]*jsonschema.Schema {
	t.Helper()
	return map[string]*jsonschema.Schema{"policy": compile(t, config.PolicySchema()), "operator": compile(t, config.OperatorSchema())}
}

func schemaOf(t *testing.T, all map[string]*jsonschema.Schema, file string) *jsonschema.Schema {
	t.Helper()
	prefix, _, _ := strings.Cut(filepath.Base(file), "-")
	s := all[prefix]
	if s == nil {
		t.Fatalf("%s belongs to neither file", file)
	}
	return s
}

func TestSchemaTakesWhatTheParserTakes(t *testing.T) {
	t.Parallel()
	all := schemas(t)
	files, err := filepath.Glob("testdata/valid/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no test data", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var doc yaml.Node
		if err := yaml.Unmarshal(data, &doc); err != nil {
			t.Fatal(err)
		}
		if err := schemaOf(t, all, file).Validate(value(t, &doc)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		if strings.HasPrefix(filepath.Base(file), "policy") {
			_, err = config.ParsePolicy(file, data)
		} else {
			_, err = config.ParseOperator(file, data)
		}
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// beyondSchema are the archives whose mistakes no JSON Schema can see.
var beyondSchema = map[string]string{
	"policy-two-documents.txtar":        "a validator sees one document",
	"policy-syntax.txtar":               "no YAML, no validation",
	"policy-tab.txtar":                  "no YAML, no validation",
	"policy-empty.txtar":                "there is no value",
	"policy-between-applications.txtar": "a schema compares no two values",
}

func TestSchemaRefusesWhatTheParserRefuses(t *testing.T) {
	t.Parallel()
	all := schemas(t)
	files, err := filepath.Glob("testdata/invalid/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no test data", err)
	}
	for _, file := range files {
		if beyondSchema[filepath.Base(file)] != "" {
			continue
		}
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var doc yaml.Node
		if err := yaml.Unmarshal(archive.Files[0].Data, &doc); err != nil {
			t.Fatal(err)
		}
		if err := schemaOf(t, all, file).Validate(value(t, &doc)); err == nil {
			t.Errorf("%s passes the schema", file)
		}
	}
	for name, doc := range map[string]string{"policy": `{"version":1,"unknown":1}`, "operator": `{"version":1,"server":{"listn":":80"}}`} {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(doc))
		if err != nil {
			t.Fatal(err)
		}
		if err := all[name].Validate(v); err == nil {
			t.Errorf("%s: an unknown key passes the schema", name)
		}
	}
}

// TestKeysAreDocumented: every key of either file has a sentence, and no place in the schema takes just anything.
func TestKeysAreDocumented(t *testing.T) {
	t.Parallel()
	for _, k := range append(config.PolicyKeys(), config.OperatorKeys()...) {
		if k.Doc == "" || !strings.HasSuffix(k.Doc, ".") || k.Type == "" {
			t.Errorf("%s: %+v", k.Path, k)
		}
	}
	for _, raw := range [][]byte{config.PolicySchema(), config.OperatorSchema()} {
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatal(err)
		}
		closed(t, "", v)
	}
}

// closed finds objects that take unknown keys.
func closed(t *testing.T, path string, v any) {
	t.Helper()
	m, ok := v.(map[string]any)
	if !ok {
		return
	}
	if m["type"] == "object" && m["additionalProperties"] != false {
		t.Errorf("%s takes unknown keys", path)
	}
	for k, child := range m {
		closed(t, path+"/"+k, child)
	}
}

// TestStatedDefaultsAreTrue writes each default into a file and expects the value that holds without it.
func TestStatedDefaultsAreTrue(t *testing.T) {
	t.Parallel()
	for path, frame := range map[string]string{
		"applications[].channel":                "version: 1\napplications: [{channel: DEFAULT}]",
		"applications[].tracks[]":               "version: 1\napplications: [{tracks: DEFAULT}]",
		"applications[].minimumAge.patch":       "version: 1\napplications: [{minimumAge: {patch: DEFAULT}}]",
		"applications[].minimumAge.minor":       "version: 1\napplications: [{minimumAge: {minor: DEFAULT}}]",
		"applications[].platforms[]":            "version: 1\napplications: [{platforms: DEFAULT}]",
		"applications[].images.tagSuffix":       "version: 1\napplications: [{images: {web: a.b/c, tagSuffix: DEFAULT}}]",
		"applications[].after.for":              "version: 1\napplications: [{after: {application: a, for: DEFAULT}}]",
		"applications[].pullRequest.draft":      "version: 1\napplications: [{pullRequest: {draft: DEFAULT}}]",
		"applications[].pullRequest.merge.when": "version: 1\napplications: [{pullRequest: {merge: {tracks: [patch], when: DEFAULT}}}]",
		"schedule":                              "version: 1\nschedule: DEFAULT",
		"timeZone":                              "version: 1\ntimeZone: DEFAULT",
		"server.listen":                         "version: 1\nserver: {listen: DEFAULT}",
	} {
		with, without := strings.Replace(frame, "DEFAULT", stated(t, path), 1), without(frame)
		var a, b any
		var errA, errB error
		if strings.HasPrefix(path, "applications") {
			a, errA = config.ParsePolicy(path, []byte(with))
			b, errB = config.ParsePolicy(path, []byte(without))
		} else {
			a, errA = config.ParseOperator(path, []byte(with))
			b, errB = config.ParseOperator(path, []byte(without))
		}
		if errA != nil || errB != nil || !reflect.DeepEqual(a, b) {
			t.Errorf("%s:\n%s\n%+v %v\n%s\n%+v %v", path, with, a, errA, without, b, errB)
		}
	}
}

// without drops the key whose value is DEFAULT.
func without(frame string) string {
	before, after, _ := strings.Cut(frame, "DEFAULT")
	cut := strings.LastIndexAny(before, ",{\n")
	if before[cut] != ',' {
		cut++
	}
	return before[:cut] + after
}

func stated(t *testing.T, path string) string {
	t.Helper()
	for _, k := range append(config.PolicyKeys(), config.OperatorKeys()...) {
		if k.Path == path {
			return k.Default
		}
	}
	t.Fatalf("no key %s", path)
	return ""
}
