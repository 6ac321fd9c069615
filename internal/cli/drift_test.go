package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// drifts runs bot drift on a folder and gives its output and exit status.
func drifts(t *testing.T, output string, args ...string) (stdout, stderr string, status int) {
	t.Helper()

	var out, errs bytes.Buffer

	p := &Program{
		Stdout: &out, Stderr: &errs, ReadFile: os.ReadFile,
		Getenv: func(string) string { return "" },
		Now:    func() time.Time { return time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC) },
	}
	cmd := newDrift(p, &globals{output: output})
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.SetArgs(append([]string{"--offline"}, args...))

	status = p.status(cmd.ExecuteContext(t.Context()))

	return out.String(), errs.String(), status
}

func copied(t *testing.T, name string) string {
	t.Helper()

	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "examples", name))); err != nil {
		t.Fatal(err)
	}

	return dir
}

// replaced changes a file of a tree.
func replaced(t *testing.T, dir, file, old, text string) {
	t.Helper()

	name := filepath.Join(dir, filepath.FromSlash(file))

	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}

	if !strings.Contains(string(data), old) {
		t.Fatalf("%s does not hold %q", file, old)
	}

	if err := os.WriteFile(name, []byte(strings.Replace(string(data), old, text, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

const (
	asNoted = "../../examples/as-noted"
	tidy    = "../../examples/goingdark"
)

func TestDriftExitsTwoWhenItFindsWhatCounts(t *testing.T) {
	t.Parallel()

	for _, c := range []struct {
		args   []string
		status int
	}{
		{[]string{"--path", asNoted}, exitFound},
		{[]string{"--path", asNoted, "--min-severity", "error"}, exitFound},
		{[]string{"--path", asNoted, "--checks", "label-inert", "--min-severity", "error"}, exitDone},
		{[]string{"--path", asNoted, "--checks", "label-inert,rival-bot"}, exitFound},
		{[]string{"--path", asNoted, "--checks", "label-inert", "--skip", "label-inert"}, exitMisused},
		{[]string{"--path", tidy}, exitDone},
		{[]string{"--path", tidy, "--min-severity", "info"}, exitFound},
		{[]string{"--path", tidy, "--min-severity", "bad"}, exitMisused},
		{[]string{"--path", tidy, "--checks", "label-innert"}, exitMisused},
		{[]string{"--path", "nowhere"}, exitFailed},
		{[]string{"--path", t.TempDir()}, exitFailed},
	} {
		stdout, stderr, status := drifts(t, "text", c.args...)
		if status != c.status {
			t.Errorf("%v: exit %d, not %d\n%s%s", c.args, status, c.status, stdout, stderr)
		}
	}
}

func TestDriftOfAnUnknownFormatIsMisuse(t *testing.T) {
	t.Parallel()

	_, stderr, status := drifts(t, "yaml", "--path", tidy)
	if status != exitMisused || !strings.Contains(stderr, "sarif") {
		t.Errorf("exit %d: %s", status, stderr)
	}
}

func TestDriftJSONIsItsContract(t *testing.T) {
	t.Parallel()

	stdout, _, _ := drifts(t, "json", "--path", asNoted)
	valid(t, "../../docs/schema/drift.json", stdout)

	if strings.Contains(stdout, "null") {
		t.Error("a list is null")
	}

	stdout, _, _ = drifts(t, "json", "--path", tidy, "--checks", "label-inert")
	if want := "{\n  \"version\": 1,\n  \"findings\": []\n}\n"; stdout != want {
		t.Errorf("got %s", stdout)
	}
}

// valid holds a document against a JSON Schema.
func valid(t *testing.T, schema, document string) {
	t.Helper()

	compiled, err := jsonschema.NewCompiler().Compile(schema)
	if err != nil {
		t.Fatal(err)
	}

	v, err := jsonschema.UnmarshalJSON(strings.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}

	if err := compiled.Validate(v); err != nil {
		t.Error(err)
	}
}

func TestDriftSARIFIsWhole(t *testing.T) {
	t.Parallel()

	stdout, _, status := drifts(t, "sarif", "--path", asNoted)
	if status != exitFound {
		t.Errorf("exit %d", status)
	}

	var log sarifLog

	dec := json.NewDecoder(strings.NewReader(stdout))
	dec.DisallowUnknownFields()

	if err := dec.Decode(&log); err != nil {
		t.Fatal(err)
	}

	if log.Version != "2.1.0" || log.Schema == "" || len(log.Runs) != 1 || log.Runs[0].Tool.Driver.Name == "" {
		t.Fatalf("%+v", log)
	}

	run := log.Runs[0]
	if len(run.Results) == 0 {
		t.Error("no results")
	}

	prints := map[string]bool{}

	for _, r := range run.Results {
		if r.RuleIndex < 0 || r.RuleIndex >= len(run.Tool.Driver.Rules) || run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("%s has the rule %d", r.RuleID, r.RuleIndex)
		}

		if !slices.Contains([]string{"error", "warning", "note"}, r.Level) || r.Message.Text == "" || len(r.Locations) != 1 {
			t.Errorf("%+v", r)
		}

		for i, at := range append(slices.Clone(r.Locations), r.RelatedLocations...) {
			p := at.PhysicalLocation
			if strings.HasPrefix(p.ArtifactLocation.URI, "/") || p.ArtifactLocation.URI == "" || p.Region == nil || p.Region.StartLine < 1 || (i > 0) != (at.ID != nil) {
				t.Errorf("%s: %+v", r.RuleID, at)
			}

			if _, err := os.Stat(filepath.Join(asNoted, p.ArtifactLocation.URI)); err != nil {
				t.Error(err)
			}
		}

		if prints[r.PartialFingerprints["botDrift/v1"]] {
			t.Errorf("%s: the fingerprint of another result", r.RuleID)
		}

		prints[r.PartialFingerprints["botDrift/v1"]] = true
	}
}

func TestDriftAnnotatesForGitHub(t *testing.T) {
	t.Parallel()

	stdout, _, _ := drifts(t, "github", "--path", asNoted, "--checks", "label-inert,env-conflict")
	if !strings.Contains(stdout, "::warning file=k8s/applications/web/mastodon/base/namespace.yaml,line=7,title=mastodon%3A label-inert::label podsecurity") ||
		!strings.Contains(stdout, "::error file=k8s/applications/web/mastodon/base/kustomization.yaml,line=48,") {
		t.Error(stdout)
	}

	if got := workflowProperty("a,b:c\n%"); got != "a%2Cb%3Ac%0A%25" {
		t.Errorf("escaped as %s", got)
	}
}

func TestDriftMarkdownIsATableThatPingsNobody(t *testing.T) {
	t.Parallel()

	dir := copied(t, "goingdark")
	replaced(t, dir, "k8s/applications/web/mastodon/namespace.yaml", "pod-security.kubernetes.io/enforce:", `"podsecurity.kubernetes.io/enforce":`)
	replaced(t, dir, "k8s/applications/web/mastodon/kustomization.yaml", "MAX_TOOT_CHARS=2000", "X=$(MAX_TOOT_CHARS)@admin|#1")

	stdout, _, _ := drifts(t, "markdown", "--path", dir)
	if !strings.Contains(stdout, "## mastodon\n\nOn v4.4.3: ") || !strings.Contains(stdout, "| warning | label-inert |") {
		t.Error(stdout)
	}

	if strings.Contains(stdout, " @admin") {
		t.Error("it pings")
	}
}

func TestDriftTextGroupsByApplicationAndCountsTheRest(t *testing.T) {
	t.Parallel()

	stdout, _, _ := drifts(t, "text", "--path", asNoted)
	for _, want := range []string{"mastodon is on v4.4.3: 4 errors, 13 warnings, 1 info", "hook-order", "→ ", "1 below warning not shown"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in\n%s", want, stdout)
		}
	}
}

func TestDriftFixMakesTheNotesTrueAndNothingElse(t *testing.T) {
	t.Parallel()

	const notes = "website/docs/k8s/applications/mastodon-implementation.md"

	dir := copied(t, "goingdark")
	truth, err := os.ReadFile(filepath.Join(dir, notes))
	if err != nil {
		t.Fatal(err)
	}

	replaced(t, dir, notes, "      - ES_HOST=mastodon-es\n", "      - ES_HOST=search\n")
	replaced(t, dir, notes, "    value: \"15\"", "    value: \"25\"")
	replaced(t, dir, notes, "logicalBackupSchedule: \"30 3 * * *\"", "logicalBackupSchedule: \"0 0 * * *\"")
	replaced(t, dir, notes, "# k8s/applications/web/mastodon/web/hpa.yaml", "# k8s/applications/web/mastodon/hpa.yaml")
	replaced(t, dir, notes, "Every component is on `v4.4.3`", "Every component is on `v4.4.1`")

	if _, _, status := drifts(t, "text", "--path", dir); status != exitFound {
		t.Fatalf("exit %d before", status)
	}

	stdout, _, status := drifts(t, "text", "--path", dir, "--fix")
	if status != exitDone {
		t.Errorf("exit %d after\n%s", status, stdout)
	}

	if n := strings.Count(stdout, "\n+") - 1; n != 5 { // one is the header
		t.Errorf("%d lines changed\n%s", n, stdout)
	}

	after, err := os.ReadFile(filepath.Join(dir, notes))
	if err != nil {
		t.Fatal(err)
	}

	if !bytes.Equal(after, truth) {
		t.Error("the notes are not what they were")
	}
}

func TestDriftFixLeavesWhatItCannotWrite(t *testing.T) {
	t.Parallel()

	dir := copied(t, "goingdark")
	replaced(t, dir, "k8s/applications/web/mastodon/web/pdb.yaml", "maxUnavailable: 1", "minAvailable: 1")

	stdout, _, status := drifts(t, "text", "--path", dir, "--fix")
	if status != exitFound || !strings.Contains(stdout, "has no spec.maxUnavailable") {
		t.Errorf("exit %d\n%s", status, stdout)
	}
}
