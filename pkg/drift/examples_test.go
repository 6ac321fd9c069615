package drift_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheTidyExampleHasNothingWorthAWarning(t *testing.T) {
	t.Parallel()

	for _, f := range findings(t, os.DirFS("../../examples/goingdark"), options()) {
		if f.Severity != "info" {
			t.Errorf("%+v", f)
		}
	}
}

// What is wrong with the deployment as its notes describe it, and why.
const asNoted = `
error env-conflict base/kustomization.yaml:30           verify-ca, and the CA stands in a variable that libpq does not read
error env-conflict base/kustomization.yaml:48           ES_HOST carries scheme and port, and ES_PORT is appended
error env-conflict streaming/streaming-deployment.yaml:1  streaming verifies with Node's CAs, which do not know the internal one
error migrate-through-pooler web/migrate-job.yaml:2     the Job takes DB_HOST from the ConfigMap of everybody: the pooler
warning pool-size base/kustomization.yaml:29            25 threads of Sidekiq share 10 connections
warning env-unread base/kustomization.yaml:31           DB_SSLROOTCERT
warning label-inert base/namespace.yaml:7               podsecurity.kubernetes.io/enforce
warning label-inert base/namespace.yaml:8               podsecurity.kubernetes.io/enforce-version
warning not-rendered sidekiq-deployment.yaml:2          left over from the old layout
warning queue-unserved sidekiq/sidekiq-deployment.yaml:1  fasp, which came with 4.4
warning scheduler-replicas sidekiq/sidekiq-deployment.yaml:8  two replicas serve the scheduler queue
warning probe-version sidekiq/sidekiq-deployment.yaml:70  sidekiq 7
warning not-rendered streaming-deployment.yaml:2        left over from the old layout
warning not-rendered web-deployment.yaml:2              left over from the old layout
warning post-migrate-early web/migrate-job.yaml:2       one phase ahead of the roll-out, and 4.4 has post-deployment migrations
warning hook-order web/migrate-job.yaml:27              the hook needs generated ConfigMaps, which arrive with the sync
warning rival-bot renovate.json:5                       Renovate moves the images of k8s/ one at a time
info hook-order web/migrate-job.yaml:33                 and Secrets that the first sync brings
`

func TestTheExampleAsNotedHasExactlyWhatIsListed(t *testing.T) {
	t.Parallel()

	var want strings.Builder

	for line := range strings.Lines(strings.TrimSpace(asNoted)) {
		fields := strings.Fields(line)
		want.WriteString(strings.Join(fields[:3], " ") + "\n")
	}

	got := short(lines(findings(t, os.DirFS("../../examples/as-noted"), options())))
	if diff := cmp.Diff(want.String(), got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestTheSameInputGivesTheSameFindings(t *testing.T) {
	t.Parallel()

	tree := os.DirFS("../../examples/as-noted")

	first := findings(t, tree, options())
	for range 3 {
		if diff := cmp.Diff(lines(first), lines(findings(t, tree, options()))); diff != "" {
			t.Fatal(diff)
		}
	}
}
