package contract_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/goingdark-social/bot/pkg/contract"
)

// fixed are the names that every result keeps. A mark of its own has what is a list ([]) or may be null (?).
var fixed = map[string]string{
	"scan": `version
		references[].file references[].line references[].column references[].form references[].image references[].tag references[].digest
		references[].components[] references[].application
		problems[].file problems[].line problems[].message`,
	"bump": `version application from[] to
		edits[].file edits[].line edits[].old edits[].new
		pull_request?.number pull_request?.url pull_request?.action`,
	"drift": `version
		findings[].check findings[].severity findings[].application findings[].components[] findings[].file findings[].line findings[].message
		findings[].expected findings[].actual findings[].fix findings[].related[].file findings[].related[].line`,
	"notes": `version from to
		releases[].version releases[].date releases[].security advisories[] advisories_lost[]
		migrations.pre[] migrations.post[] migrations.undone[]
		schema.tables_added[] schema.tables_removed[] schema.columns_added[] schema.columns_removed[] schema.indexes_added[] schema.indexes_removed[]
		environment.added[] environment.removed[]
		environment.yours[].name environment.yours[].file environment.yours[].line environment.yours[].problem
		runtimes[].name runtimes[].from runtimes[].to runtimes[].floor runtimes[].yours
		steps[].title steps[].command steps[].phase steps[].source
		hazards[].id hazards[].severity hazards[].message hazards[].source
		verdict`,
	"check": `version
		applications[].name applications[].on[]
		applications[].proposals[].track applications[].proposals[].to applications[].proposals[].security
		applications[].held[].version applications[].held[].rule applications[].held[].reason`,
	"releases": `version images[]
		releases[].version releases[].channel releases[].complete releases[].built
		releases[].missing[].image releases[].missing[].platform releases[].contradiction`,
	"status": `version
		repositories[].name repositories[].branch repositories[].commit repositories[].error
		repositories[].problems[].file repositories[].problems[].line repositories[].problems[].message
		repositories[].applications[].name repositories[].applications[].on[] repositories[].applications[].newest
		repositories[].applications[].components[].component repositories[].applications[].components[].image
		repositories[].applications[].components[].repository[] repositories[].applications[].components[].registry
		repositories[].applications[].components[].cluster?[]
		repositories[].applications[].proposals[].track repositories[].applications[].proposals[].to repositories[].applications[].proposals[].security
		repositories[].applications[].pull_requests[].number repositories[].applications[].pull_requests[].url
		repositories[].applications[].pull_requests[].track repositories[].applications[].pull_requests[].to
		repositories[].applications[].pull_requests[].security repositories[].applications[].pull_requests[].opened
		repositories[].applications[].held[].version repositories[].applications[].held[].rule repositories[].applications[].held[].reason
		repositories[].applications[].security[].version repositories[].applications[].security[].since
		repositories[].applications[].security[].pull_request
		repositories[].applications[].findings[].check repositories[].applications[].findings[].severity
		repositories[].applications[].findings[].file repositories[].applications[].findings[].line repositories[].applications[].findings[].message
		repositories[].applications[].due[] repositories[].applications[].error`,
	"run": `version
		repositories[].name repositories[].error
		repositories[].applications[].name repositories[].applications[].on[]
		repositories[].applications[].proposals[].track repositories[].applications[].proposals[].to repositories[].applications[].proposals[].security
		repositories[].applications[].pull_requests[].number repositories[].applications[].pull_requests[].url
		repositories[].applications[].pull_requests[].action repositories[].applications[].pull_requests[].track repositories[].applications[].pull_requests[].to
		repositories[].applications[].incomplete[].version repositories[].applications[].incomplete[].since
		repositories[].applications[].incomplete[].missing[].image repositories[].applications[].incomplete[].missing[].platform
		repositories[].applications[].held[].version repositories[].applications[].held[].rule repositories[].applications[].held[].reason
		repositories[].applications[].error`,
	"history": `version
		applications[].name applications[].on[] applications[].since applications[].complete
		applications[].upgrades[].from applications[].upgrades[].to applications[].upgrades[].released applications[].upgrades[].security
		applications[].upgrades[].moved applications[].upgrades[].whole applications[].upgrades[].lag_seconds applications[].upgrades[].commit
		applications[].mixed[].from applications[].mixed[].to applications[].mixed[].seconds applications[].mixed[].commit
		applications[].mixed[].runs[].component applications[].mixed[].runs[].version
		applications[].security[].version applications[].security[].advisories[] applications[].security[].released applications[].security[].ran
		applications[].security[].until applications[].security[].into applications[].security[].seconds applications[].security[].waiting
		applications[].security[].commit
		applications[].summary.upgrades applications[].summary.dated applications[].summary.median_lag_seconds
		applications[].summary.longest_lag_seconds applications[].summary.mixed applications[].summary.mixed_seconds
		applications[].summary.longest_mixed_seconds applications[].summary.security applications[].summary.waiting
		applications[].summary.median_wait_seconds applications[].summary.longest_wait_seconds`,
	"init": `version file action content unanswered
		pull_request?.number pull_request?.url pull_request?.action
		applications[].name applications[].roots[] applications[].images[] applications[].on[] applications[].mixed applications[].notes[]
		applications[].engine applications[].proposals[].track applications[].proposals[].to applications[].proposals[].security
		applications[].held[].version applications[].held[].rule applications[].held[].reason
		references[].file references[].line references[].column references[].form references[].image references[].tag references[].digest
		references[].components[] references[].application
		problems[].file problems[].line problems[].message
		objects[].application objects[].purpose objects[].kind objects[].name objects[].file objects[].line objects[].detail
		rivals[].updater rivals[].file rivals[].line rivals[].verdict rivals[].images[] rivals[].message rivals[].where rivals[].snippet`,
	"demo": `version application from
		acts[].what acts[].command acts[].output
		pull_requests[].number pull_requests[].state pull_requests[].title pull_requests[].body pull_requests[].branch pull_requests[].diff
		messages[] check`,
	"version": `version program go platform`,
}

func TestNames(t *testing.T) {
	t.Parallel()
	results := contract.Results()
	if len(results) != len(fixed) {
		t.Errorf("%d results, %d of them written down", len(results), len(fixed))
	}
	for name, result := range results {
		got, want := paths(t, reflect.TypeOf(result)), strings.Fields(fixed[name])
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s has\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// paths lists the fields of a type by their JSON names.
func paths(t *testing.T, typ reflect.Type) []string {
	t.Helper()
	var all []string
	walk(t, typ, "", func(path string) { all = append(all, path) })
	slices.Sort(all)
	return all
}

func walk(t *testing.T, typ reflect.Type, path string, leaf func(string)) {
	t.Helper()
	switch typ.Kind() {
	case reflect.Pointer:
		walk(t, typ.Elem(), path+"?", leaf)
	case reflect.Slice:
		if !strings.HasPrefix(typ.Name(), "List[") {
			t.Errorf("%s is a %s, which may be null", path, typ)
		}
		walk(t, typ.Elem(), path+"[]", leaf)
	case reflect.Struct:
		for field := range typ.Fields() {
			name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
			if name == "" || options != "" {
				t.Errorf("%s.%s: every field has a name and is always there", typ, field.Name)
			}
			walk(t, field.Type, strings.TrimPrefix(path+"."+name, "."), leaf)
		}
	case reflect.String, reflect.Int, reflect.Bool:
		leaf(path)
	default:
		t.Errorf("%s is a %s", path, typ)
	}
}

// TestListsAreNeverNull: neither in what the constructors return, nor in zero values, at any depth.
func TestListsAreNeverNull(t *testing.T) {
	t.Parallel()
	for name, result := range contract.Results() {
		typ := reflect.TypeOf(result)
		for _, v := range []any{result, reflect.Zero(typ).Interface(), filled(typ, true).Interface(), filled(typ, false).Interface()} {
			raw, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			raw = bytes.ReplaceAll(raw, []byte(`"pull_request":null`), nil)
			if bytes.Contains(raw, []byte("null")) {
				t.Errorf("%s: %s", name, raw)
			}
		}
	}
}

// filled is a value with one item in each list: a zero item, or a filled one with words that the schema takes.
func filled(typ reflect.Type, zeroItems bool) reflect.Value {
	v := reflect.New(typ).Elem()
	switch typ.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(typ.Elem()))
		v.Elem().Set(filled(typ.Elem(), zeroItems))
	case reflect.Slice:
		item := reflect.Zero(typ.Elem())
		if !zeroItems {
			item = filled(typ.Elem(), false)
		}
		v.Set(reflect.Append(v, item))
	case reflect.Struct:
		for i := range typ.NumField() {
			v.Field(i).Set(filled(typ.Field(i).Type, zeroItems))
			if _, words, ok := strings.Cut(typ.Field(i).Tag.Get("jsonschema"), "enum="); ok && v.Field(i).Kind() == reflect.String {
				first, _, _ := strings.Cut(words, ",")
				v.Field(i).SetString(first)
			}
		}
	case reflect.Int:
		v.SetInt(1)
	case reflect.String:
		v.SetString("<text>")
	default:
		v.SetBool(true)
	}
	return v
}

func schema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "docs", "schema", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t *testing.T, s *jsonschema.Schema, raw []byte) error {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(v)
}

func TestResultsMatchTheirSchemas(t *testing.T) {
	t.Parallel()
	for name, result := range contract.Results() {
		s := schema(t, name)
		for _, v := range []any{result, filled(reflect.TypeOf(result), false).Interface()} {
			raw, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			if err := validate(t, s, raw); err != nil {
				t.Errorf("%s: %s\n%v", name, raw, err)
			}
			more := bytes.Replace(raw, []byte("{"), []byte(`{"added_later":1,`), 1)
			if err := validate(t, s, more); err != nil {
				t.Errorf("%s: a field that is added breaks older schemas: %v", name, err)
			}
			for _, bad := range [][2]string{{`"version":1`, `"version":2`}, {`"version":1`, `"Version":1`}, {"[]", "null"}} {
				broken := bytes.Replace(raw, []byte(bad[0]), []byte(bad[1]), 1)
				if !bytes.Equal(broken, raw) && validate(t, s, broken) == nil {
					t.Errorf("%s: %s passes", name, broken)
				}
			}
		}
	}
}

// TestAngleBrackets: an encoder that leaves < alone finds it left alone inside of lists too, and one that escapes it, escapes.
func TestAngleBrackets(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	list := contract.List[string]{"<a> & b"}
	if err := enc.Encode(list); err != nil || out.String() != `["<a> & b"]`+"\n" {
		t.Errorf("%s, %v", out.String(), err)
	}
	if raw, err := json.Marshal(list); err != nil || string(raw) != `["\u003ca\u003e \u0026 b"]` {
		t.Errorf("%s, %v", raw, err)
	}
	out.Reset()
	enc.SetIndent("", "  ")
	if err := enc.Encode(contract.NewScan()); err != nil || out.String() != "{\n  \"version\": 1,\n  \"references\": [],\n  \"problems\": []\n}\n" {
		t.Errorf("%s, %v", out.String(), err)
	}
	var back contract.List[int]
	if err := json.Unmarshal([]byte("[1,2]"), &back); err != nil || !slices.Equal(back, []int{1, 2}) {
		t.Errorf("%v, %v", back, err)
	}
}
