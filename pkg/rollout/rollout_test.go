package rollout

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/severity"
)

var merged = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func rolling() *Rollout {
	return &Rollout{From: "v4.4.3", To: "v4.5.0", PullRequest: 7, Merged: merged, Back: "restore a backup"}
}

func web(running ...string) drift.WorkloadProgress {
	return drift.WorkloadProgress{Component: "web", Kind: "Deployment", Name: "web", Tag: "v4.5.0", Running: running}
}

func TestStuck(t *testing.T) {
	t.Parallel()

	failed := drift.Finding{Check: "migrate-failed", Severity: severity.Error, Message: "Job migrate failed"}
	crash := drift.Finding{Check: "rollout-stuck", Severity: severity.Error, Message: "web has a pod that crashes"}
	other := drift.JobProgress{Name: "migrate", State: drift.JobOther}
	soon, later := merged.Add(5*time.Minute), merged.Add(25*time.Hour)

	for name, c := range map[string]struct {
		findings []drift.Finding
		progress drift.Progress
		unseen   bool
		doubts   map[string]time.Time
		told     string
		now      time.Time
		want     string
	}{
		"under way":                    {now: soon},
		"a Job that failed":            {findings: []drift.Finding{failed, crash}, now: soon, want: MigrateFailed},
		"told already":                 {findings: []drift.Finding{failed, crash}, told: MigrateFailed, now: later},
		"a warning is none":            {findings: []drift.Finding{{Check: "migrate-failed", Severity: severity.Warning}}, now: soon},
		"pods that crash just now":     {findings: []drift.Finding{crash}, now: soon},
		"pods that go on crashing":     {findings: []drift.Finding{crash}, doubts: map[string]time.Time{Pods: merged}, now: merged.Add(11 * time.Minute), want: Pods},
		"pods before the Job":          {progress: drift.Progress{Workloads: []drift.WorkloadProgress{web("v4.5.0")}, Jobs: []drift.JobProgress{other}}, doubts: map[string]time.Time{NotMigrated: merged}, now: merged.Add(11 * time.Minute), want: NotMigrated},
		"neither pods nor the Job yet": {progress: drift.Progress{Workloads: []drift.WorkloadProgress{web("v4.4.3")}, Jobs: []drift.JobProgress{other}}, doubts: map[string]time.Time{NotMigrated: merged}, now: merged.Add(11 * time.Minute)},
		"too late":                     {progress: drift.Progress{Workloads: []drift.WorkloadProgress{web("v4.4.3")}}, now: later, want: Late},
		"too late and dark":            {unseen: true, now: later, want: Late},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			r := rolling()
			if r.Doubts = c.doubts; c.told != "" {
				r.Stuck = map[string]time.Time{c.told: merged}
			}

			v := Sight{
				Rollout: r, Progress: c.progress, Seen: !c.unseen, Findings: c.findings,
				Dark: errors.New("connection refused"), Within: 24 * time.Hour, Now: c.now,
			}

			got := v.Why()
			if got == nil {
				got = &Cause{}
			}

			if got.ID != c.want {
				t.Errorf("%q: %q", got.ID, got.Lines)
			}

			if c.unseen && !strings.Contains(strings.Join(got.Lines, "\n"), "connection refused") {
				t.Errorf("it does not say why: %q", got.Lines)
			}
		})
	}
}

func TestTheTimesOfARollOut(t *testing.T) {
	t.Parallel()

	r := rolling()
	r.Migrated = merged.Add(2 * time.Minute)

	w := web("v4.5.0")
	w.First, w.Last = merged.Add(3*time.Minute), merged.Add(75*time.Minute)
	r.seen(w)
	r.seen(drift.WorkloadProgress{Component: "streaming"})

	if r.Arrive(merged.Add(80*time.Minute), false) {
		t.Error("it arrived before every component was seen")
	}

	r.Settled = r.lastPod(merged.Add(80 * time.Minute))
	if !r.Arrive(merged.Add(81*time.Minute), false) || r.Arrive(merged.Add(82*time.Minute), false) || r.State() != "done" {
		t.Error("it arrives once")
	}

	want := [][2]string{
		{"merged", "2026-11-22 12:00 UTC"},
		{"migrate Job done", "2026-11-22 12:02 UTC (+2m)"},
		{"web", "first pod 2026-11-22 12:03 UTC (+3m), last pod 2026-11-22 13:15 UTC (+1h15m)"},
		{"total", "1h15m"},
	}
	if diff := cmp.Diff(want, r.Times()); diff != "" {
		t.Error(diff)
	}
}

func TestLogsAreShownWithoutSecrets(t *testing.T) {
	t.Parallel()

	log := strings.Repeat("an old line\n", 50) + `== 20250101000000_add_index_to_statuses_on_something_long: migrating ==
PG::ConnectionBad: could not connect postgres://mastodon:canary1@db:5432/mastodon
DB_PASS=canary2 OTP_SECRET: "canary3" {"access_token":"canary4"} smtp_password => 'canary5'
Authorization: Bearer canary6canary6
bearer abcdefCANARY7
key Zm9vYmFyQ0FOQVJZOGZvb2Jhcg0123 hash 0123456789abcdef0123456789abcdefca
-----BEGIN RSA PRIVATE KEY-----
canary9
-----END RSA PRIVATE KEY-----
` + strings.Repeat("x", 1000) + "\n"

	got := Showable(log)

	for _, secret := range []string{"canary", "CANARY", "Zm9v", "0123456789abcdef"} {
		if strings.Contains(got, secret) {
			t.Errorf("%s is told:\n%s", secret, got)
		}
	}

	for _, kept := range []string{"20250101000000_add_index_to_statuses_on_something_long", "PG::ConnectionBad", "postgres://mastodon:xxxxx@db", "DB_PASS=xxxxx"} {
		if !strings.Contains(got, kept) {
			t.Errorf("%s is gone:\n%s", kept, got)
		}
	}

	if lines := strings.Split(got, "\n"); len(lines) > 30 || len(got) > 30*400 {
		t.Errorf("%d lines, %d bytes", len(lines), len(got))
	}
}
