package bot

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
		"a Job that failed":            {findings: []drift.Finding{failed, crash}, now: soon, want: causeMigrateFailed},
		"told already":                 {findings: []drift.Finding{failed, crash}, told: causeMigrateFailed, now: later},
		"a warning is none":            {findings: []drift.Finding{{Check: "migrate-failed", Severity: severity.Warning}}, now: soon},
		"pods that crash just now":     {findings: []drift.Finding{crash}, now: soon},
		"pods that go on crashing":     {findings: []drift.Finding{crash}, doubts: map[string]time.Time{causePods: merged}, now: merged.Add(11 * time.Minute), want: causePods},
		"pods before the Job":          {progress: drift.Progress{Workloads: []drift.WorkloadProgress{web("v4.5.0")}, Jobs: []drift.JobProgress{other}}, doubts: map[string]time.Time{causeNotMigrated: merged}, now: merged.Add(11 * time.Minute), want: causeNotMigrated},
		"neither pods nor the Job yet": {progress: drift.Progress{Workloads: []drift.WorkloadProgress{web("v4.4.3")}, Jobs: []drift.JobProgress{other}}, doubts: map[string]time.Time{causeNotMigrated: merged}, now: merged.Add(11 * time.Minute)},
		"too late":                     {progress: drift.Progress{Workloads: []drift.WorkloadProgress{web("v4.4.3")}}, now: later, want: causeLate},
		"too late and dark":            {unseen: true, now: later, want: causeLate},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			r := rolling()
			if r.Doubts = c.doubts; c.told != "" {
				r.Stuck = map[string]time.Time{c.told: merged}
			}

			v := sight{
				Rollout: r, progress: c.progress, seen: !c.unseen, in: &drift.Input{}, findings: c.findings,
				dark: errors.New("connection refused"), within: 24 * time.Hour, now: c.now,
			}

			got := v.stuck()
			if got == nil {
				got = &cause{}
			}

			if got.id != c.want {
				t.Errorf("%q: %q", got.id, got.lines)
			}

			if c.unseen && !strings.Contains(strings.Join(got.lines, "\n"), "connection refused") {
				t.Errorf("it does not say why: %q", got.lines)
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

	r.Settled = r.lastPod(merged.Add(80 * time.Minute))
	m := &memory{state: state{Rollout: r, Due: &Due{}}}

	if m.arrive(merged.Add(80 * time.Minute)) {
		t.Error("it arrived although migrations are due")
	}

	m.Due = nil
	if !m.arrive(merged.Add(81*time.Minute)) || m.arrive(merged.Add(82*time.Minute)) || r.State() != "done" {
		t.Error("it arrives once")
	}

	want := [][2]string{
		{"merged", "2026-11-22 12:00 UTC"},
		{"migrate Job done", "2026-11-22 12:02 UTC (+2m)"},
		{"web", "first pod 2026-11-22 12:03 UTC (+3m), last pod 2026-11-22 13:15 UTC (+1h15m)"},
		{"total", "1h15m"},
	}
	if diff := cmp.Diff(want, r.arrived(nil).Facts); diff != "" {
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

	got := showable(log)

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

func TestSizesWander(t *testing.T) {
	t.Parallel()

	k := known{Rows: map[string]int64{"statuses": 12_000_000, "gone": 500_000}}
	k.learnRows(&drift.Database{Rows: map[string]int64{"statuses": 13_000_000, "mentions": 300_000, "users": 7}})

	if diff := cmp.Diff(map[string]int64{"statuses": 12_000_000, "mentions": 300_000}, k.Rows); diff != "" {
		t.Error(diff)
	}

	k.learnRows(&drift.Database{Rows: map[string]int64{"statuses": 20_000_000}})
	k.learnRows(nil)

	if k.Rows["statuses"] != 20_000_000 {
		t.Error(k.Rows)
	}
}

func TestFindingsAreToldOnce(t *testing.T) {
	t.Parallel()

	moved := drift.Finding{Check: "tag-moved", Severity: severity.Error, Name: "web", Message: "it moved", Place: drift.Place{File: "a.yaml", Line: 3}}
	live := drift.Finding{Check: "live-version", Severity: severity.Error, Name: "web", Message: "another"}
	tree := drift.Finding{Check: "env-conflict", Severity: severity.Error, Name: "X"}
	waits := drift.Finding{Check: "line-unsupported", Severity: severity.Error, Name: "v4.4.4"}
	ended := drift.Finding{Check: "line-unsupported", Severity: severity.Error, Name: "4.4", Message: "4.4 has ended"}
	all := []drift.Finding{moved, live, tree, waits, ended}

	m := &memory{}
	m.found(all, nil, merged)

	lines, key := m.untold(all, merged)
	if diff := cmp.Diff([]string{"tag-moved: it moved (a.yaml:3)", "line-unsupported: 4.4 has ended"}, lines); diff != "" || key == "" {
		t.Error(diff, key)
	}

	m.found(all, nil, merged.Add(grace))

	if lines, _ = m.untold(all, merged.Add(grace)); len(lines) != 1 || lines[0] != "live-version: another" {
		t.Errorf("what runs is told when it lasts: %q", lines)
	}

	// Not asked: nothing is concluded. Gone and back: news again.
	m.found([]drift.Finding{ended}, []drift.Skipped{{Check: "live-version"}}, merged.Add(time.Hour))
	m.found(all, nil, merged.Add(2*time.Hour))

	if lines, _ = m.untold(all, merged.Add(2*time.Hour)); len(lines) != 1 || lines[0] != "tag-moved: it moved (a.yaml:3)" {
		t.Errorf("%q", lines)
	}

	m = &memory{state: state{Rollout: rolling()}}
	m.found([]drift.Finding{live}, nil, merged)

	if len(m.Findings) != 0 {
		t.Error("a roll-out that is followed has its own words")
	}
}
