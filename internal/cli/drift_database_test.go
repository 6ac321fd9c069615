package cli

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestDriftSaysWhatTheDatabaseNeeds(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		args   []string
		status int
		says   string
	}{
		"not asked for":     {[]string{"--checks", "migration-pending"}, exitMisused, "add --database"},
		"no address":        {[]string{"--database"}, exitFailed, "MASTODON_RO_DSN"},
		"no cluster":        {[]string{"--checks", "live-diff"}, exitMisused, "add --live"},
		"no such context":   {[]string{"--live", "--kubeconfig", "testdata/kubeconfig.yaml", "--context", "nowhere"}, exitFailed, "the kubeconfig has here"},
		"nobody answers":    {[]string{"--live", "--kubeconfig", "testdata/kubeconfig.yaml"}, exitFailed, "from the cluster"},
		"no file":           {[]string{"--live", "--kubeconfig", "nowhere.yaml"}, exitFailed, "nowhere.yaml"},
		"a context, unused": {[]string{"--context", "here"}, exitMisused, "--live"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			stdout, stderr, status := drifts(t, "text", append([]string{"--path", tidy}, c.args...)...)
			if status != c.status || !strings.Contains(stderr, c.says) || strings.Contains(stderr, "canary") {
				t.Errorf("exit %d: %s%s", status, stdout, stderr)
			}
		})
	}
}

// TestWhatIsDarkHidesNothingElse: a database and a cluster that can't be read
// are told, and so is what the tree and the registry say.
func TestWhatIsDarkHidesNothingElse(t *testing.T) {
	t.Parallel()

	dir := copied(t, "goingdark")
	replaced(t, dir, "k8s/applications/web/mastodon/streaming/deployment.yaml", "mastodon-streaming:v4.4.3", "mastodon-streaming:v4.4.2")

	stdout, stderr, status := drifts(t, "text", "--path", dir, "--database", "--live", "--kubeconfig", "testdata/kubeconfig.yaml", "--checks", "version-skew,migration-pending,live-diff")
	if status != exitFailed || !strings.Contains(stdout, "version-skew") {
		t.Errorf("exit %d: %s", status, stdout)
	}

	if stdout, _, status := drifts(t, "sarif", "--path", dir, "--database"); status != exitFailed || stdout != "" {
		t.Errorf("exit %d: half a SARIF file closes alerts: %s", status, stdout)
	}

	for _, why := range []string{"MASTODON_RO_DSN", "from the cluster", "check=migration-pending", "check=live-diff"} {
		if !strings.Contains(stderr, why) {
			t.Errorf("it does not say %q: %s", why, stderr)
		}
	}
}

// TestLiveReadsTheOperatorsCluster unless a flag says otherwise.
func TestLiveReadsTheOperatorsCluster(t *testing.T) {
	t.Parallel()

	file := filepath.Join(t.TempDir(), "operator.yaml")
	if err := os.WriteFile(file, []byte("version: 1\ncluster: {kubeconfig: ./of-the-operator.yaml}\n"), 0o600); err != nil {
		t.Fatal(err)
	}

	for says, args := range map[string][]string{"of-the-operator.yaml": {"--live"}, "of-the-flag.yaml": {"--live", "--kubeconfig", "of-the-flag.yaml"}} {
		var errs bytes.Buffer

		p := &Program{Stdout: io.Discard, Stderr: &errs, ReadFile: os.ReadFile, Now: time.Now, Getenv: func(string) string { return "" }}
		cmd := newDrift(p, &globals{output: "text", config: file})
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		cmd.SetArgs(append([]string{"--offline", "--path", tidy, "--checks", "live-diff"}, args...))

		if status := p.status(cmd.ExecuteContext(t.Context())); status != exitFailed || !strings.Contains(errs.String(), says) {
			t.Errorf("%s: exit %d: %s", says, status, errs.String())
		}
	}
}
