package bot

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/rollout"
	"github.com/goingdark-social/bot/pkg/severity"
)

var merged = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

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

	m = &memory{state: state{Rollout: &rollout.Rollout{From: "v4.4.3", To: "v4.5.0", Merged: merged}}}
	m.found([]drift.Finding{live}, nil, merged)

	if len(m.Findings) != 0 {
		t.Error("a roll-out that is followed has its own words")
	}
}
