package deploy_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// goreleaser is as much of its configuration as we use, by the names of its documentation (version 2); what it does not know is
// a spelling mistake.
type goreleaser struct {
	Version     int
	ProjectName string `yaml:"project_name"`
	Before      struct{ Hooks []string }
	Builds      []struct {
		ID, Main, Binary                  string
		Env, Goos, Goarch, Flags, Ldflags []string
		ModTimestamp                      string `yaml:"mod_timestamp"`
	}
	Archives []struct {
		ID             string
		Formats, Files []string
		NameTemplate   string `yaml:"name_template"`
	}
	Checksum struct {
		NameTemplate string `yaml:"name_template"`
		Algorithm    string
		ExtraFiles   []extraFile `yaml:"extra_files"`
	}
	Sboms []struct{ Artifacts string }
	Signs []struct {
		Cmd, Artifacts, Signature string
		Args                      []string
	}
	Changelog struct {
		Use, Sort string
		Groups    []struct {
			Title, Regexp string
			Order         int
		}
		Filters struct{ Exclude []string }
	}
	Release struct {
		ExtraFiles []extraFile `yaml:"extra_files"`
		Draft      bool
		Prerelease string
	}
}

// extraFile is a file beside the archives.
type extraFile struct{ Glob string }

func readGoreleaser(t *testing.T) goreleaser {
	t.Helper()

	f, err := os.Open(filepath.Join(repository, ".goreleaser.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()

	var g goreleaser

	d := yaml.NewDecoder(f)
	d.KnownFields(true)

	if err := d.Decode(&g); err != nil {
		t.Fatal(err)
	}

	return g
}

func TestGoreleaserBuildsWhatThereIs(t *testing.T) {
	t.Parallel()

	g := readGoreleaser(t)
	if g.Version != 2 || len(g.Builds) != 1 {
		t.Fatalf("%+v", g)
	}

	b := g.Builds[0]
	for _, file := range append([]string{filepath.Join(b.Main, "main.go")}, g.Archives[0].Files...) {
		if _, err := os.Stat(filepath.Join(repository, file)); err != nil {
			t.Error(err)
		}
	}

	for _, want := range []string{"linux", "darwin"} {
		if !strings.Contains(strings.Join(b.Goos, " "), want) {
			t.Errorf("nothing is built for %s", want)
		}
	}
}

// TestTheVersionIsStampedAlike: by the Makefile, the image and the archives, into a variable that there is.
func TestTheVersionIsStampedAlike(t *testing.T) {
	t.Parallel()

	const variable = "github.com/goingdark-social/bot/internal/cli.buildVersion="

	for _, file := range []string{"Makefile", "Dockerfile", ".goreleaser.yaml"} {
		data, err := os.ReadFile(filepath.Join(repository, file))
		if err != nil || strings.Count(string(data), "-X "+variable) != 1 {
			t.Errorf("%s does not stamp %s (%v)", file, variable, err)
		}
	}

	source, err := os.ReadFile(filepath.Join(repository, "internal/cli/version.go"))
	if err != nil || !strings.Contains(string(source), "\nvar buildVersion string\n") {
		t.Errorf("internal/cli has no variable buildVersion (%v)", err)
	}
}

// TestTheChangelogSortsCommits: conventional ones into their group, what nobody who runs the program needs to know left out.
func TestTheChangelogSortsCommits(t *testing.T) {
	t.Parallel()

	g := readGoreleaser(t)

	for subject, want := range map[string]string{
		"feat: a page worth looking at": "New", "feat(dashboard)!: another address": "New", "fix(pkg/patch): a column": "Mended",
		"perf: half the time": "Mended", "security: a token in a log": "Security", "pkg/plan: hold releases during a freeze": "Everything else",
		"docs: a word": "", "test(pkg/gh): a fault": "", "chore(deps): newer": "",
	} {
		if got := groupOf(g, subject); got != want {
			t.Errorf("%q goes to %q, want %q", subject, got, want)
		}
	}
}

// groupOf is the first group that takes a commit, as goreleaser decides it; "" for one that is left out.
func groupOf(g goreleaser, subject string) string {
	for _, pattern := range g.Changelog.Filters.Exclude {
		if regexp.MustCompile(pattern).MatchString(subject) {
			return ""
		}
	}

	for _, group := range g.Changelog.Groups {
		if group.Regexp == "" || regexp.MustCompile(group.Regexp).MatchString("0123abc "+subject) {
			return group.Title
		}
	}

	return ""
}
