package config_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goingdark-social/bot/pkg/config"
)

// TestPublishedDocumentation: docs/configuration.md is what the tables say. -update writes it.
func TestPublishedDocumentation(t *testing.T) {
	t.Parallel()
	file, want := filepath.Join("..", "..", "docs", "configuration.md"), config.Documentation()
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is stale: run go generate ./pkg/config (%v)", file, err)
	}
}

// TestDocumentationIsWhole: every key has a row with an example or keys of its own, and every link leads somewhere.
func TestDocumentationIsWhole(t *testing.T) {
	t.Parallel()
	text := string(config.Documentation())
	for _, k := range append(config.PolicyKeys(), config.OperatorKeys()...) {
		_, name, nested := strings.Cut(k.Path, ".")
		if !nested {
			name = k.Path
		}
		name = name[strings.LastIndex(name, ".")+1:]
		if !strings.Contains(text, "| `"+strings.TrimSuffix(name, "[]")+"` | "+k.Doc+" |") {
			t.Errorf("%s has no row", k.Path)
		}
		if k.Example == "" && !strings.Contains(k.Type, "mapping") {
			t.Errorf("%s has no example", k.Path)
		}
	}
	headings := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		anchor := strings.ToLower(strings.NewReplacer("`", "", ".", "", "'", "", " ", "-").Replace(m[1]))
		if headings[anchor] {
			t.Errorf("two headings are called %s", m[1])
		}
		headings[anchor] = true
	}
	for _, m := range regexp.MustCompile(`\]\(#([^)]*)\)`).FindAllStringSubmatch(text, -1) {
		if !headings[m[1]] {
			t.Errorf("#%s leads nowhere", m[1])
		}
	}
	if regexp.MustCompile(`(?m)^\|.*\| *\|$`).MatchString(regexp.MustCompile(`(?m)^.*mappings?\].*$`).ReplaceAllString(text, "")) {
		t.Error("a row has no example")
	}
}

// TestExamplesAreTrue reads both files of examples, and each alternative that they leave out.
func TestExamplesAreTrue(t *testing.T) {
	t.Parallel()
	blocks := regexp.MustCompile("(?s)```yaml\n(version: 1\n.*?)```").FindAllStringSubmatch(string(config.Documentation()), -1)
	if len(blocks) != 2 {
		t.Fatalf("%d files", len(blocks))
	}
	if _, err := config.ParsePolicy("bot.yaml", []byte(blocks[0][1])); err != nil {
		t.Error(err)
	}
	if _, err := config.ParseOperator("operator.yaml", []byte(blocks[1][1])); err != nil {
		t.Error(err)
	}
	for path, frame := range map[string]string{
		"github.baseURL":           "github: {baseURL: EXAMPLE}",
		"github.app":               "github: {app: EXAMPLE}",
		"github.app.id":            "github: {app: {id: EXAMPLE, keyFrom: {env: KEY}}}",
		"github.app.installation":  "github: {app: {id: 1, installation: EXAMPLE, keyFrom: {env: KEY}}}",
		"github.app.keyFrom":       "github: {app: {id: 1, keyFrom: EXAMPLE}}",
		"github.tokenFrom":         "github: {tokenFrom: EXAMPLE}",
		"github.tokenFrom.env":     "github: {tokenFrom: {env: EXAMPLE}}",
		"github.tokenFrom.file":    "github: {tokenFrom: {file: EXAMPLE}}",
		"notify.slack.webhookFrom": "notify: {slack: {webhookFrom: EXAMPLE}}",
		"notify.slack.tokenFrom":   `notify: {slack: {channel: "#ops", tokenFrom: EXAMPLE}}`,
	} {
		for _, k := range config.OperatorKeys() {
			if k.Path != path {
				continue
			}
			data := "version: 1\n" + strings.Replace(frame, "EXAMPLE", k.Example, 1)
			if _, err := config.ParseOperator("operator.yaml", []byte(data)); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
}
