package cli

import (
	"strings"
	"testing"
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
