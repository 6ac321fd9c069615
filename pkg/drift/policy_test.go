package drift_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

func TestAcceptedFindingsStayAwayUntilTheirTimeIsOver(t *testing.T) {
	t.Parallel()

	accept := func(a config.Accept) []drift.Finding {
		o := options()
		o.Policy.Drift.Accept = []config.Accept{a}

		return findings(t, os.DirFS("../../examples/as-noted"), o, "env-unread", "label-inert")
	}

	for _, c := range []struct {
		name   string
		accept config.Accept
		want   int
	}{
		{"by name", config.Accept{Check: "env-unread", Name: "DB_SSLROOTCERT", Reason: "r"}, 2},
		{"another name", config.Accept{Check: "env-unread", Name: "DB_SSLROOT", Reason: "r"}, 3},
		{"the whole check", config.Accept{Check: "label-inert", Reason: "r"}, 1},
		{"not over yet", config.Accept{Check: "env-unread", Reason: "r", Until: now}, 2},
		{"over", config.Accept{Check: "env-unread", Reason: "read by a sidecar", Until: now.Add(-time.Second)}, 3},
	} {
		got := accept(c.accept)
		if len(got) != c.want {
			t.Errorf("%s: %d findings, not %d: %s", c.name, len(got), c.want, lines(got))
		}

		if c.name == "over" && !strings.Contains(got[0].Message, "accepted until 2026-03-01 (read by a sidecar)") {
			t.Errorf("it does not say that it was accepted: %s", got[0].Message)
		}
	}
}

func TestUnknownFactsLeaveChecksOutAndSaySo(t *testing.T) {
	t.Parallel()

	o := options()
	o.Facts = func(context.Context, version.Version) (*facts.Facts, error) { return nil, nil } //nolint:nilnil // that is unknown

	in := inputs(t, os.DirFS("../../examples/as-noted"), o)[0]
	checks, err := drift.Select([]string{"env-unread", "env-missing", "queue-unserved", "floor-unmet", "post-migrate-early", "label-inert"}, nil)
	if err != nil {
		t.Fatal(err)
	}

	found, skipped := drift.Run(in, checks)
	if len(found) != 2 || len(skipped) != 5 {
		t.Errorf("found %s, skipped %v", lines(found), skipped)
	}

	for _, s := range skipped {
		if !strings.Contains(s.Reason, "are not known") {
			t.Error(s)
		}
	}
}

func TestNoFindingTellsASecret(t *testing.T) {
	t.Parallel()

	const secret = "hunter2hunter2"

	tree := fstest.MapFS{
		"app/kustomization.yaml": {Data: []byte(`resources: [web.yaml, secret.yaml]
configMapGenerator:
- name: env
  literals:
  - REDIS_URL=redis://:` + secret + `@redis:6379
  - REDIS_PASSWORD=` + secret + `
  - DB_PASSWORD=` + secret + `
  - MY_TOKEN=` + secret + `
  - ES_ENABLED=true
  - ES_HOST=http://elastic:` + secret + `@search:9200
secretGenerator:
- name: more
  literals: [API_TOKEN=` + secret + `]
`)},
		"app/secret.yaml": {Data: []byte("apiVersion: v1\nkind: Secret\nmetadata: {name: app}\nstringData:\n  DB_PASS: " + secret + "\n  SMTP_PASSWORD: " + secret + "\n")},
		"app/web.yaml": {Data: []byte(`apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: web
        image: ghcr.io/glitch-soc/mastodon:v4.4.3
        command: [bundle, exec, puma]
        env:
        - {name: DATABASE_URL, value: "postgres://mastodon:` + secret + `@db/mastodon"}
        - {name: DB_HOST, value: db}
        envFrom:
        - configMapRef: {name: env}
        - secretRef: {name: app}
        - secretRef: {name: more}
        livenessProbe:
          exec: {command: [sh, -c, "PGPASSWORD=` + secret + ` ps | grep 'puma 6'"]}
`)},
		"notes.md": {Data: []byte("```yaml\n# app/secret.yaml\nstringData:\n  DB_PASS: other\n  SMTP_PASSWORD: other\n# app/kustomization.yaml\nconfigMapGenerator:\n- name: env\n  literals:\n  - DB_PASSWORD=other\n  - REDIS_URL=redis://:other@redis:6379\nsecretGenerator:\n- name: more\n  literals:\n  - API_TOKEN=other\n```\n")},
	}

	found := findings(t, tree, options())
	if len(found) < 10 {
		t.Errorf("only %d findings: the test has lost its point\n%s", len(found), lines(found))
	}

	for _, f := range found {
		if strings.Contains(f.Message+f.Expected+f.Actual+f.Fix+f.Name, secret) {
			t.Errorf("%s tells it: %+v", f.Check, f)
		}
	}

	changes, err := drift.Fix(tree, found)
	if err != nil {
		t.Fatal(err)
	}

	for _, c := range changes {
		if strings.Contains(string(c.After), secret) {
			t.Errorf("the notes tell it:\n%s", c.After)
		}
	}
}
