package architecture_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/goingdark-social/bot/"

// helpers are small, know nothing of Mastodon, and every package may import them.
var helpers = []string{"internal/gfm", "internal/lazyre", "internal/node", "internal/pack", "internal/wait", "internal/weigh", "pkg/severity"}

// rooms lists which of our own packages each package may import. A package
// that is not listed fails the test, so that a new room is a decision.
var rooms = map[string][]string{
	"cmd/bot":               {"internal/cli"},
	"internal/architecture": {},
	"internal/cli":          {"internal/demo", "examples", "pkg"},
	"internal/demo":         {"internal/world", "internal/registrytest", "pkg/version"},
	"internal/world":        {"internal/registrytest", "internal/gittest", "internal/githubtest", "internal/slacktest"},
	"internal/stories":      {},
	"internal/faults":       {},
	"internal/faultproxy":   {},
	"internal/gitmem":       {},
	"internal/memworld":     {"internal/gitmem", "internal/githubtest", "internal/slacktest", "pkg"},
	"internal/registrytest": {},
	"internal/gittest":      {},
	"internal/githubtest":   {},
	"internal/slacktest":    {},
	"internal/bench":        {"internal/fleetworld", "internal/gittest"},
	"internal/bench/change": {"pkg/repo"},
	"internal/fleetworld":   {"examples", "internal/githubtest", "internal/gitmem", "internal/registrytest"},
	"internal/simulate":     {"internal/fleetworld", "internal/postgrestest"},
	"internal/lazyre":       {},
	"internal/weigh":        {},
	"internal/pack":         {},
	"internal/node":         {},
	"internal/wait":         {},
	"internal/gfm":          {},
	"internal/sbom":         {},
	"internal/kubetest":     {},
	"internal/postgrestest": {},
	"examples":              {},
	"deploy":                {},
	"pkg/dashboard":         {"pkg/history", "pkg/patch", "pkg/status", "pkg/version"},
	"pkg/effect":            {},
	"pkg/severity":          {},
	"pkg/version":           {},
	"pkg/layout":            {},
	"pkg/contract":          {},
	"pkg/status":            {},
	"pkg/command":           {"pkg/version"},
	"pkg/board":             {"pkg/command", "pkg/status", "pkg/version"},
	"pkg/registry":          {"pkg/version"},
	"pkg/patch":             {"pkg/version", "pkg/layout"},
	"pkg/history":           {"pkg/version", "pkg/patch", "pkg/upstream/facts"},
	"pkg/inventory":         {"pkg/layout"},
	"pkg/veil":              {},
	"pkg/repo":              {"pkg/effect", "pkg/veil"},
	"pkg/gh":                {"pkg/effect", "pkg/config", "pkg/veil"},
	"pkg/notify":            {"pkg/effect", "pkg/veil"},
	"pkg/config":            {"pkg/version", "pkg/veil"},
	"pkg/plan":              {"pkg/version", "pkg/config"},
	"pkg/upstream/facts":    {"pkg/version"},
	"pkg/upstream":          {"pkg/version", "pkg/upstream/facts"},
	"pkg/notes":             {"pkg/version", "pkg/upstream/facts", "pkg/inventory"},
	"pkg/drift":             {"pkg/config", "pkg/version", "pkg/upstream/facts", "pkg/inventory", "pkg/layout", "pkg/patch", "pkg/rival"},
	"pkg/rival":             {},
	"pkg/look":              {"pkg/config", "pkg/patch", "pkg/registry"},
	"pkg/rollout":           {"pkg/drift"},
	"pkg/cluster":           {},
	"pkg/fleet":             {"pkg/config"},
	"pkg/queue":             {},
	"pkg/database":          {},
	"pkg/server":            {"pkg/config", "pkg/effect"},
	"pkg/bot": {
		"pkg/board", "pkg/command", "pkg/version", "pkg/config", "pkg/effect", "pkg/gh", "pkg/history", "pkg/inventory", "pkg/layout", "pkg/look", "pkg/notes", "pkg/notify",
		"pkg/drift", "pkg/patch", "pkg/plan", "pkg/registry", "pkg/repo", "pkg/rival", "pkg/rollout", "pkg/status", "pkg/upstream", "pkg/upstream/facts",
	},
}

// owners lists the libraries that only some packages may import: a room's
// library does not leak into the next.
var owners = map[string][]string{
	"github.com/google/go-containerregistry": {"pkg/registry", "internal/registrytest"},
	"github.com/google/go-github":            {"pkg/gh"},
	"github.com/go-git/":                     {"pkg/repo", "pkg/upstream", "internal/gitmem", "internal/pack"},
	"github.com/ProtonMail/":                 {"pkg/repo"},
	"github.com/sergi/go-diff":               {"pkg/repo"},
	"github.com/slack-go/":                   {"pkg/notify"},
	"sigs.k8s.io/kustomize/":                 {"pkg/patch", "pkg/layout", "pkg/inventory", "pkg/drift", "pkg/rival", "internal/node", "deploy"},
	"k8s.io/":                                {"pkg/cluster", "internal/kubetest"},
	"github.com/jackc/":                      {"pkg/database", "pkg/queue", "internal/postgrestest"},
	"github.com/riverqueue/":                 {"pkg/queue"},
	"github.com/VictoriaMetrics/metrics":     {"pkg/server"},
	"github.com/yuin/goldmark":               {"pkg/patch", "pkg/command", "pkg/dashboard", "internal/gfm"},
	// It compiles the patterns of all its extensions when a program starts: see internal/gfm.
	"github.com/yuin/goldmark/extension": {},
	"github.com/chromedp/":               {"pkg/dashboard"},
	"github.com/spf13/":                  {"internal/cli"},
	"github.com/robfig/cron":             {"pkg/config", "pkg/plan", "pkg/server"},
	"github.com/invopop/jsonschema":      {"pkg/contract/internal/schemagen", "pkg/config"},
}

// pure lists the packages that do no I/O: neither network nor files of the
// operating system nor other programs.
var pure = []string{
	"pkg/version", "pkg/layout", "pkg/patch", "pkg/inventory", "pkg/history", "pkg/rival", "pkg/plan", "pkg/notes", "pkg/contract", "pkg/upstream/facts", "pkg/status", "pkg/command", "pkg/board",
}

var ioPackages = []string{"net", "net/http", "os", "os/exec", "syscall"}

// seeSources looks at every Go file of the tree: a result that go test keeps is
// then of no use once one has changed. What go list looks at does not count.
func seeSources(t *testing.T, root string) {
	t.Helper()

	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".go") {
			_, err = os.Stat(path)
		}

		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

type listed struct {
	path    string
	imports []string
}

// list asks the go command for the direct imports of every package.
func list(t *testing.T) []listed {
	t.Helper()

	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}

	seeSources(t, root)

	cmd := exec.CommandContext(t.Context(), "go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...")
	cmd.Dir = root
	cmd.Stderr = os.Stderr

	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}

	var all []listed

	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		all = append(all, listed{path: strings.TrimPrefix(fields[0], module), imports: fields[1:]})
	}

	return all
}

// below tells whether a path is one of the listed packages or lies under one:
// a package's own parts are in its room.
func below(path string, listed []string) bool {
	return slices.ContainsFunc(listed, func(p string) bool { return path == p || strings.HasPrefix(path, p+"/") })
}

func room(path string) (string, bool) {
	for p := path; p != "."; p = filepath.Dir(p) {
		if _, ok := rooms[p]; ok {
			return p, true
		}
	}

	return "", false
}

func TestRoomsImportOnlyWhatTheyMayKnow(t *testing.T) {
	t.Parallel()

	packages := list(t)
	if len(packages) < len(rooms) {
		t.Fatalf("go list found %d packages, expected at least the %d rooms", len(packages), len(rooms))
	}

	for _, pkg := range packages {
		name, ok := room(pkg.path)
		if !ok {
			t.Errorf("%s is in no room: decide what it may know and add it to the table", pkg.path)

			continue
		}

		for _, imported := range pkg.imports {
			own, isOurs := strings.CutPrefix(imported, module)
			if isOurs && !below(own, slices.Concat(rooms[name], helpers, []string{name})) {
				t.Errorf("%s imports %s: %s may import only %v of ours", pkg.path, own, name, rooms[name])
			}
		}
	}
}

func TestLibrariesStayInTheirRoom(t *testing.T) {
	t.Parallel()

	for _, pkg := range list(t) {
		for library, allowed := range owners {
			for _, imported := range pkg.imports {
				if strings.HasPrefix(imported, library) && !below(pkg.path, allowed) {
					t.Errorf("%s imports %s, which belongs to %v", pkg.path, imported, allowed)
				}
			}
		}
	}
}

func TestPurePackagesDoNoIO(t *testing.T) {
	t.Parallel()

	for _, pkg := range list(t) {
		if !slices.Contains(pure, pkg.path) {
			continue
		}

		for _, imported := range pkg.imports {
			if slices.Contains(ioPackages, imported) {
				t.Errorf("%s imports %s, but it is pure", pkg.path, imported)
			}
		}
	}
}
