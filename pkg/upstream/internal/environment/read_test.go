package environment_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/upstream/internal/environment"
)

// read reads the files of an archive; the file "want" is what to find.
func read(t *testing.T, name string) (got, want string) {
	t.Helper()
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var files []environment.File
	for _, f := range archive.Files {
		if f.Name == "want" {
			want = string(f.Data)
			continue
		}
		files = append(files, environment.File{Name: f.Name, Text: string(f.Data)})
	}
	vars, gaps := environment.Read(files)
	var b strings.Builder
	for _, v := range vars {
		fmt.Fprintln(&b, text(v))
	}
	for _, g := range gaps {
		fmt.Fprintf(&b, "GAP %s:%d %s\n", g.File, g.Line, g.What)
	}
	return b.String(), want
}

func text(v facts.Variable) string {
	parts := []string{v.Name}
	for _, s := range v.Scopes {
		parts = append(parts, string(s))
	}
	if v.Default != nil {
		parts = append(parts, fmt.Sprintf("default=%q", *v.Default))
	}
	if v.Fallback != "" {
		parts = append(parts, "else="+v.Fallback)
	}
	if v.Aborts != "" {
		parts = append(parts, "aborts-"+string(v.Aborts))
	}
	for i, on := range []bool{v.Required, v.Pattern, v.Sample} {
		if on {
			parts = append(parts, []string{"required", "pattern", "sample"}[i])
		}
	}
	for _, p := range v.Places {
		parts = append(parts, fmt.Sprintf("%s:%d", p.File, p.Line))
	}
	return strings.Join(parts, " ")
}

func TestTraps(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".txtar") {
			continue
		}
		t.Run(e.Name(), func(t *testing.T) {
			t.Parallel()
			got, want := read(t, "testdata/"+e.Name())
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzRuby(f *testing.F) {
	f.Add("def f(prefix: nil)\n prefix = \"#{prefix}X_\"\n ENV.fetch(\"#{prefix}Y\", 1)\nend\nf(prefix: 'A_')")
	f.Add("%w(A B).each do |key|\n abort 'x' if ENV[key].blank?\nend\nENV['C'] ||= 'd'")
	f.Add("ENV.keys.any? { |n| n.match?(/A_.*_B/) }")
	f.Add("ENV[ENV[\"#{ENV")
	f.Fuzz(func(_ *testing.T, src string) {
		environment.Read([]environment.File{{Name: "config/boot.rb", Text: src}})
	})
}

func FuzzScript(f *testing.F) {
	f.Add("export function f(env) { return env.A ?? env.B }\nf(process.env)")
	f.Add("const { A, B: b = 'x' } = process.env; `${process.env.C || `${1}`}`")
	f.Add("process.env[")
	f.Fuzz(func(_ *testing.T, src string) {
		environment.Read([]environment.File{{Name: "streaming/index.js", Text: src}})
	})
}

func FuzzYAML(f *testing.F) {
	f.Add("test:\n  a: <%= ENV['A'] || 1 %>\n# <%= ENV['B'] %>\n")
	f.Fuzz(func(_ *testing.T, src string) {
		environment.Read([]environment.File{{Name: "config/a.yml", Text: src}})
	})
}
