package facts_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

func release(v string, change func(f *facts.Facts)) *facts.Facts {
	f := &facts.Facts{
		Version: v, Commit: strings.Repeat("a", 40), Date: time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC),
		Schema: facts.Schema{
			Version: "20250101000000", Extensions: []string{"plpgsql"},
			Tables: []facts.Table{
				{Name: "a", Columns: []facts.Column{{Name: "id", Type: "bigint"}}, Indexes: []facts.Index{{Name: "i", Order: map[string]string{"id": "desc"}}}},
				{Name: "b"},
			},
			Views: []facts.View{{Name: "v", Digest: "00"}},
		},
		Migrations: []facts.Migration{
			{Version: "20240101000000", Phase: facts.Pre, Name: "A", Operations: []facts.Operation{{Kind: facts.AddIndex, Table: "a", Null: new(false)}}},
			{Version: "20230101000000", Phase: facts.Post, Name: "B"},
		},
		Environment: []facts.Variable{{Name: "X", Default: new(""), Places: []facts.Read{{Place: facts.Place{File: "a.rb", Line: 1}}}}},
		Queues:      []facts.Queue{{Name: "default", Weight: 8}},
		Changelog:   []facts.Release{{Version: v}, {Version: "v4.2.0"}},
	}
	if change != nil {
		change(f)
	}
	return f.Normal()
}

func TestPackKeepsEveryRelease(t *testing.T) {
	t.Parallel()
	all := []*facts.Facts{
		release("v4.3.0", nil),
		release("v4.3.1", nil),
		release("v4.4.0", func(f *facts.Facts) {
			f.Schema.Tables[1] = facts.Table{Name: "aa"}
			f.Migrations = append([]facts.Migration{{Version: "20170101000000", Phase: facts.Pre, Name: "Older"}}, f.Migrations...)
			f.Environment[0].Places[0].Line = 7
			f.Environment = append(f.Environment, facts.Variable{Name: "Y"})
			f.Gaps = []facts.Gap{{What: "x"}}
		}),
		release("v4.3.2", nil),
	}
	packed := facts.Pack(all)
	for n, want := range all {
		got, err := facts.Unpack(string(packed), n)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("release %d: %s", n, diff)
		}
	}
}

// TestEveryFieldIsPacked sets each field of each type to something of its own.
func TestEveryFieldIsPacked(t *testing.T) {
	t.Parallel()
	want := &facts.Facts{}
	fillIn(reflect.ValueOf(want).Elem(), new(int))
	slices.SortFunc(want.Migrations, facts.CompareMigrations)
	slices.SortFunc(want.Changelog, facts.CompareReleases)
	got, err := facts.Unpack(string(facts.Pack([]*facts.Facts{want})), 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// fillIn gives every field a value that no other has, where its type has so many.
func fillIn(v reflect.Value, n *int) {
	*n++
	switch v.Kind() { //nolint:exhaustive // the others fail
	case reflect.String:
		v.SetString(fmt.Sprintf("%06d", *n)) // in order
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(int64(*n) * int64(1-*n%2*2)) // some below zero
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillIn(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fillIn(v.Index(0), n)
		fillIn(v.Index(1), n)
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{"b": "1", "a": "2"}))
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)))
			return
		}
		for _, field := range v.Fields() {
			fillIn(field, n)
		}
	default:
		panic("a field of kind " + v.Kind().String())
	}
}

func TestBrokenPackIsAnError(t *testing.T) {
	t.Parallel()
	packed := string(facts.Pack([]*facts.Facts{release("v4.3.0", nil)}))
	for _, in := range []string{"", "no pack", "facts 2\n", packed + "\xff"} {
		if _, err := facts.Unpack(in, 0); err == nil {
			t.Errorf("%q is no error", in)
		}
	}
	for at := range packed { // what is read of it may be wrong, but it ends, and without a panic
		for _, b := range []string{"\x00", "\x01", "\x7f", "\xff", "\xff\xff\xff\xff\xff\xff\xff\xff\x7f"} {
			_, _ = facts.Unpack(packed[:at]+b+packed[at+1:], 0)
		}
		_, _ = facts.Unpack(packed[:at], 0)
	}
}

func TestJSONHasNoNullLists(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(release("v4.3.0", func(f *facts.Facts) {
		*f = facts.Facts{Migrations: []facts.Migration{{}}, Environment: []facts.Variable{{}}}
	}))
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range []string{"tables", "operations", "places", "scopes", "changelog", "gaps", "floors", "extensions", "views"} {
		if !strings.Contains(string(text), `"`+list+`":[`) {
			t.Errorf("%s is not a list in %s", list, text)
		}
	}
}

func TestNotShipped(t *testing.T) {
	t.Parallel()
	_, err := facts.Embedded(version.Parse("v9.9.9"))
	if e, ok := errors.AsType[*facts.NotShippedError](err); !ok || e.Version != "v9.9.9" {
		t.Errorf("%v", err)
	}
}

func TestLooks(t *testing.T) {
	t.Parallel()
	f := release("v4.3.0", func(f *facts.Facts) {
		f.Environment = []facts.Variable{{Name: "A_*_B", Pattern: true}, {Name: "X", Scopes: []facts.Scope{facts.Streaming}}}
		f.Floors = []facts.Floor{{Name: "postgresql", Version: "13.0", Enforced: true}, {Name: "postgresql", Version: "13"}}
	})
	for name, want := range map[string]bool{"X": true, "A_x_B": true, "A__B": true, "A_*_B": true, "A_B": false, "Y": false} {
		if got := f.Reads(name) != nil; got != want {
			t.Errorf("Reads(%s) = %v", name, got)
		}
	}
	if !f.Reads("X").Runtime() || !f.Floor("postgresql").Enforced || f.Schema.Table("b") == nil || f.Schema.Table("c") != nil || f.Runtime("x") != nil {
		t.Error("a look went wrong")
	}
}

func TestShippedReleases(t *testing.T) {
	t.Parallel()
	all := facts.All()
	if len(all) < 80 || all[0].Version.String() != "v4.3.0" {
		t.Fatalf("%d releases", len(all))
	}
	for i, s := range all {
		if order, ok := version.Compare(s.Version, all[max(i-1, 0)].Version); !ok || order < 0 {
			t.Errorf("%s is out of order", s.Version)
		}
	}
	for _, v := range []string{"v4.3.0", "4.5.0", "v4.4.0-rc.1", all[len(all)-1].Version.String()} {
		f, err := facts.Embedded(version.Parse(v))
		if err != nil {
			t.Fatal(err)
		}
		if f.Version != version.Parse(v).String() || len(f.Schema.Tables) < 90 || len(f.Migrations) < 480 || len(f.Gaps) > 0 {
			t.Errorf("%s: %s with %d tables, %d migrations, %d gaps", v, f.Version, len(f.Schema.Tables), len(f.Migrations), len(f.Gaps))
		}
	}
}

func BenchmarkEmbedded(b *testing.B) {
	v := version.Parse("v4.5.0")
	for b.Loop() {
		if _, err := facts.Embedded(v); err != nil {
			b.Fatal(err)
		}
	}
}

func TestAnOutlineIsTheSameWithoutTheLongLists(t *testing.T) {
	t.Parallel()
	for _, s := range facts.All() {
		want, err := facts.Embedded(s.Version)
		if err != nil {
			t.Fatal(err)
		}
		got, err := facts.EmbeddedOutline(s.Version)
		if err != nil {
			t.Fatal(err)
		}
		if len(want.Migrations) == 0 || len(got.Changelog) == 0 {
			t.Fatalf("%s: nothing to tell the two apart by", s.Version)
		}
		want.Schema.Tables, want.Schema.Views, want.Migrations, want.Environment = got.Schema.Tables, got.Schema.Views, got.Migrations, got.Environment
		if !reflect.DeepEqual(want, got) {
			t.Errorf("%s: %s", s.Version, cmp.Diff(want, got))
		}
		if len(got.Schema.Tables)+len(got.Schema.Views)+len(got.Migrations)+len(got.Environment) != 0 {
			t.Errorf("%s: long lists were decoded", s.Version)
		}
	}
}

func BenchmarkEmbeddedOutline(b *testing.B) {
	all := facts.All()
	for b.Loop() {
		if _, err := facts.EmbeddedOutline(all[len(all)-1].Version); err != nil {
			b.Fatal(err)
		}
	}
}

func TestAShelfGivesTheSameFacts(t *testing.T) {
	t.Parallel()
	var shelf facts.Shelf
	for range 2 { // the second time all of it has been decoded
		for n, s := range facts.All() {
			if n%9 != 0 {
				continue
			}
			want, err := facts.Embedded(s.Version)
			if err != nil {
				t.Fatal(err)
			}
			got, err := shelf.Embedded(s.Version)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(want, got) {
				t.Fatalf("%s: %s", s.Version, cmp.Diff(want, got))
			}
		}
	}
}

func BenchmarkEmbeddedBeside(b *testing.B) {
	for b.Loop() {
		var shelf facts.Shelf
		for _, v := range []string{"v4.4.9", "v4.5.0"} {
			if _, err := shelf.Embedded(version.Parse(v)); err != nil {
				b.Fatal(err)
			}
		}
	}
}
