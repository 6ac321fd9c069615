package deploy_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/rival"
)

// pages are those whose snippets are taken at their word here.
var pages = []string{"docs/getting-started.md", "docs/running.md"}

// fence is a fenced block, also an indented one.
var fence = regexp.MustCompile("(?ms)^( *)```([a-z]+)\n(.*?)^ *```$")

// snippets are a page's blocks of a language whose first line holds a mark.
func snippets(t *testing.T, page, language, mark string) []string {
	t.Helper()

	data, err := os.ReadFile(filepath.Join(repository, page))
	if err != nil {
		t.Fatal(err)
	}

	var out []string

	for _, m := range fence.FindAllStringSubmatch(string(data), -1) {
		text := strings.ReplaceAll("\n"+m[3], "\n"+m[1], "\n")[1:]
		first, _, _ := strings.Cut(text, "\n")

		if m[2] == language && strings.Contains(first, mark) {
			out = append(out, text)
		}
	}

	if len(out) == 0 {
		t.Fatalf("%s has no %s block that begins with %q", page, language, mark)
	}

	return out
}

func TestTheOperatorsFilesOfTheDocumentationAreInOrder(t *testing.T) {
	t.Parallel()

	for _, page := range pages {
		for _, text := range snippets(t, page, "yaml", "# operator.yaml") {
			if _, err := config.ParseOperator(page, []byte(text)); err != nil {
				t.Errorf("%v\n%s", err, text)
			}
		}
	}
}

func TestTheKustomizationsOfTheDocumentationRender(t *testing.T) {
	t.Parallel()

	blocks := snippets(t, pages[0], "yaml", "# kustomization.yaml")
	if len(blocks) != 2 {
		t.Fatalf("%d blocks, want one and its addition", len(blocks))
	}

	objects := compose(t, blocks[0])
	find(t, objects, "CronJob", "bot")

	if text := at(find(t, objects, "ConfigMap", "bot-config"), "data", "config.yaml"); text != "version: 1" {
		t.Errorf("config.yaml = %v", text)
	}

	secret := find(t, compose(t, blocks[0]+blocks[1]), "ExternalSecret", "bot-credentials")
	if at(secret, "spec", "secretStoreRef", "name") != "your-store" || at(at(secret, "spec", "dataFrom").([]any)[0], "extract", "key") != "your-key" {
		t.Errorf("the patches are without effect: %v", secret["spec"])
	}
}

// TestTheOtherUpdatersAreKeptOff asks the part of the program that judges them.
func TestTheOtherUpdatersAreKeptOff(t *testing.T) {
	t.Parallel()

	tree := fstest.MapFS{
		"renovate.json":          {Data: []byte(snippets(t, pages[0], "json", "{")[0])},
		".github/dependabot.yml": {Data: []byte(snippets(t, pages[0], "yaml", "# .github/dependabot.yml")[0])},
	}

	var places []rival.Place
	for _, image := range []string{"ghcr.io/glitch-soc/mastodon", "ghcr.io/glitch-soc/mastodon-streaming"} {
		places = append(places, rival.Place{File: "web.yaml", Line: 1, Image: image})
	}

	found, err := rival.Find(t.Context(), tree, []string{".github/dependabot.yml", "renovate.json"}, places)
	if err != nil || len(found) != 2 {
		t.Fatalf("found %v, %v", found, err)
	}

	for _, r := range found {
		if r.Verdict.Rivals() {
			t.Errorf("%s: %s, because %s", r.File, r.Verdict, r.Why)
		}
	}
}

func TestTheLinksOfTheDocumentationLeadSomewhere(t *testing.T) {
	t.Parallel()

	link := regexp.MustCompile(`\]\(([^)#]*)(#[^)]*)?\)`)

	for _, page := range pages {
		data, err := os.ReadFile(filepath.Join(repository, page))
		if err != nil {
			t.Fatal(err)
		}

		for _, m := range link.FindAllStringSubmatch(string(data), -1) {
			switch target := m[1]; {
			case strings.HasPrefix(target, "https://"):
			case target == "":
				if !slices.Contains(headings(string(data)), m[2]) {
					t.Errorf("%s: no heading %s", page, m[2])
				}
			default:
				if _, err := os.Stat(filepath.Join(repository, filepath.Dir(page), target)); err != nil {
					t.Errorf("%s: %v", page, err)
				}
			}
		}
	}
}

// headings are the anchors that GitHub makes.
func headings(text string) []string {
	var out []string

	for line := range strings.Lines(text) {
		if title, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && strings.HasPrefix(line, "#") {
			title = strings.ToLower(strings.TrimSpace(strings.NewReplacer(",", "", "'", "").Replace(title)))
			out = append(out, "#"+strings.ReplaceAll(title, " ", "-"))
		}
	}

	return out
}
