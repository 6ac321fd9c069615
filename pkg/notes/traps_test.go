package notes

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// Each test here is a trap that the real history sets, with as few facts as it takes.

func pre(number, name, blob string) facts.Migration {
	return facts.Migration{Version: number, Name: name, File: "db/migrate/" + number + "_" + name + ".rb", Phase: facts.Pre, Blob: blob}
}

func post(number, name, blob string) facts.Migration {
	m := pre(number, name, blob)
	m.File, m.Phase = "db/post_migrate/"+number+"_"+name+".rb", facts.Post
	return m
}

func release(v, date string, migrations ...facts.Migration) *facts.Facts {
	f := &facts.Facts{Version: v, Migrations: migrations}
	if date != "" {
		f.Date = on(date)
	}
	return f.Normal()
}

func on(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return t
}

func section(v, date string, ids ...string) facts.Release {
	return facts.Release{Version: v, Date: date, Security: len(ids) > 0, Advisories: ids, Place: facts.Place{File: "CHANGELOG.md", Line: 1}}
}

func judge(from, to *facts.Facts) Notes {
	return Between(Input{From: []string{from.Version}, To: version.Parse(to.Version), FromFacts: from, ToFacts: to})
}

func (n Notes) has(id string) bool {
	return slices.ContainsFunc(n.Hazards, func(h Hazard) bool { return h.ID == id })
}

func TestMigrationsAreSetsOfNames(t *testing.T) {
	t.Parallel()
	from := release("v4.3.8", "2025-05-06", pre("20250601000000", "new_but_here", "a"), pre("20180410220657", "create_bookmarks", "a"),
		pre("20240101000000", "edited", "a"), post("20240102000000", "done", "a"), pre("20250701000000", "backported", "a"))
	to := release("v4.4.0", "2025-07-08", pre("20250601000000", "new_but_here", "a"), pre("20180410220657", "glitch_create_bookmarks", "b"),
		pre("20240101000000", "edited", "b"), post("20240102000000", "done", "a"),
		pre("20240505000000", "older_than_the_schema", "a"), post("20230101000000", "glitch_older_still", "a"))
	n := judge(from, to)
	want := Migrations{
		Known:   true,
		Pre:     []string{"20180410220657_glitch_create_bookmarks.rb", "20240505000000_older_than_the_schema.rb"},
		Post:    []string{"20230101000000_glitch_older_still.rb"},
		Undone:  []string{"20250701000000_backported.rb"},
		Renamed: []string{"20180410220657_glitch_create_bookmarks.rb"},
		Edited:  []string{"20240101000000_edited.rb"},
	}
	if diff := cmp.Diff(want, n.Migrations); diff != "" {
		t.Error(diff)
	}
	if n.Verdict != TwoPhase || !strings.HasPrefix(n.Why, "1 migration before the roll-out, 1 after") || !n.has("unknown-to-target") {
		t.Error(n.Verdict, n.Why, n.Hazards)
	}
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	a, b := pre("1", "a", ""), post("2", "b", "")
	for _, c := range []struct {
		from, to *facts.Facts
		want     Verdict
	}{
		{release("v4.4.3", "", a, b), release("v4.4.4", "", a, b), NoMigrations},
		{release("v4.4.3", ""), release("v4.4.4", "", a), PreOnly},
		{release("v4.4.3", ""), release("v4.4.4", "", a, b), TwoPhase},
		{release("v4.4.3", ""), release("v4.4.4", "", b), TwoPhase},
		{release("v4.4.4", "", a, b), release("v4.4.3", "", a), Downgrade},
		{release("v4.4.4", ""), release("v4.4.3", ""), Downgrade},
		{release("v4.4.3", "", pre("1", "old_name", "")), release("v4.4.4", "", pre("1", "new_name", "")), NoMigrations},
	} {
		if n := judge(c.from, c.to); n.Verdict != c.want {
			t.Errorf("%s to %s: %s, want %s", c.from.Version, c.to.Version, n.Verdict, c.want)
		}
	}
	unknown := Between(Input{From: []string{"v4.4.3"}, To: version.Parse("v4.4.4"), ToFacts: release("v4.4.4", "", a)})
	if unknown.Verdict != Undecided {
		t.Error(unknown.Verdict)
	}
	same := Between(Input{From: []string{"v4.4.3"}, To: version.Parse("v4.4.3")})
	if same.Verdict != NoMigrations || len(same.Unknown) == 0 {
		t.Error(same.Verdict, same.Unknown)
	}
}

// A newer line that is older by date lacks what the older line got since; what it does not name while it is younger it does
// not lack; a release that shares an id lacks nothing.
func TestLost(t *testing.T) {
	t.Parallel()
	from := release("v4.5.15", "2026-08-07")
	from.Changelog = []facts.Release{
		section("v4.5.15", "2026-08-06"), section("v4.5.14", "2026-07-27", "GHSA-late"), section("v4.5.12", "2026-06-24", "GHSA-only-4.5"),
		section("v4.5.9", "2026-04-15", "GHSA-shared"), section("v4.3.0", "2024-10-08", "GHSA-trimmed-away"),
	}
	early, late := release("v4.6.0", "2026-06-17"), release("v4.6.5", "2026-08-07")
	early.Changelog = []facts.Release{section("v4.6.0", "2026-06-17"), section("v4.5.9", "2026-04-15", "GHSA-shared"), section("v4.4.0", "2025-07-08")}
	late.Changelog = append([]facts.Release{section("v4.6.5", "2026-08-06"), section("v4.6.4", "2026-07-27", "GHSA-late", "GHSA-only-4.6")}, early.Changelog...)
	if diff := cmp.Diff([]string{"GHSA-late", "GHSA-only-4.5"}, Lost(from, early)); diff != "" {
		t.Error(diff)
	}
	if got := Lost(from, late); len(got) > 0 {
		t.Error(got)
	}
	n := judge(from, late)
	if !n.has("advisories-unnamed") || n.has("advisories-lost") || !slices.Equal(n.AdvisoriesUnnamed, []string{"GHSA-only-4.5"}) {
		t.Error(n.AdvisoriesUnnamed, n.Hazards)
	}
	n = judge(from, early)
	if !n.has("advisories-lost") || !slices.Equal(n.ReleasesLost, []string{"v4.5.15", "v4.5.14", "v4.5.12"}) {
		t.Error(n.ReleasesLost, n.Hazards)
	}
	if top := strings.SplitN(n.Markdown(), "\n", 4)[1]; !strings.Contains(top, "loses 2 fixes") {
		t.Errorf("not said loudly: %s", top)
	}
}

// A security release without ids is lost as well.
func TestLostWithoutIds(t *testing.T) {
	t.Parallel()
	from, to := release("v4.4.5", "2025-09-23"), release("v4.5.0-beta.1", "2025-08-01")
	from.Changelog = []facts.Release{{Version: "v4.4.5", Date: "2025-09-23", Security: true}, section("v4.4.0", "2025-07-08")}
	to.Changelog = []facts.Release{section("v4.4.0", "2025-07-08")}
	n := judge(from, to)
	if !n.has("security-releases-lost") || !strings.Contains(n.Markdown(), "loses security releases") {
		t.Error(n.Hazards)
	}
}

// What is crossed comes from changelogs and tags together: the changelog has what its line grew out of, tags what was trimmed
// from it, and neither brings in later releases of the line that is left.
func TestCrossed(t *testing.T) {
	t.Parallel()
	to := release("v4.6.0", "2026-06-17")
	to.Changelog = []facts.Release{
		section("v4.6.0", "2026-06-17"), section("v4.5.1", "2025-11-13"), section("v4.5.0", "2025-11-06"), section("v4.4.8", "2025-10-21"), section("v4.4.7", "2025-10-15"),
	}
	n := Between(Input{
		From: []string{"v4.4.3"}, To: version.Parse("v4.6.0"), ToFacts: to,
		Crossed: []Release{
			{Version: "v4.4.4", Date: on("2025-09-16")},      // trimmed from the changelog
			{Version: "v4.4.22", Date: on("2026-08-07")},     // made after the target
			{Version: "v4.5.2", Date: on("2025-11-20")},      // parallel: not in the target's changelog
			{Version: "v4.6.0-rc.1", Date: on("2026-06-12")}, // folds into the final
			{Version: "v4.6.0", Date: on("2026-06-17")},
			{Version: "v4.4.3", Date: on("2025-08-05")},
		},
	})
	var got []string
	for _, r := range n.Releases {
		got = append(got, r.Version)
	}
	if diff := cmp.Diff([]string{"v4.6.0", "v4.5.1", "v4.5.0", "v4.4.8", "v4.4.7", "v4.4.4"}, got); diff != "" {
		t.Error(diff)
	}
}

// A pre-release target keeps its stages: there is no final to fold them into.
func TestPrereleasesFoldIntoTheirFinalAlone(t *testing.T) {
	t.Parallel()
	to := release("v4.5.0-rc.2", "2025-10-31")
	n := Between(Input{
		From: []string{"v4.4.8"}, To: version.Parse("v4.5.0-rc.2"), ToFacts: to,
		Crossed: []Release{{Version: "v4.5.0-beta.1"}, {Version: "v4.5.0-rc.1"}, {Version: "v4.5.0-rc.2"}, {Version: "v4.5.0"}},
	})
	var got []string
	for _, r := range n.Releases {
		got = append(got, r.Version)
	}
	if diff := cmp.Diff([]string{"v4.5.0-rc.2", "v4.5.0-rc.1", "v4.5.0-beta.1"}, got); diff != "" {
		t.Error(diff)
	}
}

// Below the floor two phases abort; the schema's version decides, or the release's where the schema is not known.
func TestZeroDowntimeFloor(t *testing.T) {
	t.Parallel()
	to := release("v4.4.0", "")
	to.Floors = []facts.Floor{{Name: "zero-downtime", Version: "4.2.0", Schema: "20230907150100", Enforced: true, Place: facts.Place{File: "lib/tasks/db.rake", Line: 69}}}
	at := func(schema string) *facts.Facts {
		f := release("v4.3.0", "")
		f.Schema.Version = schema
		return f
	}
	for _, c := range []struct {
		from    string
		facts   *facts.Facts
		skip    string
		aborted bool
	}{
		{"v4.3.0", at("20230907150100"), "true", false},
		{"v4.3.0", at("20230907150099"), "true", true},
		{"v4.3.0", at("20230907150099"), "false", true}, // set to anything counts
		{"v4.3.0", at("20230907150099"), "", true},
		{"v4.3.0", at("20230907150099"), "unset", false}, // one phase alone
		{"v4.1.9", nil, "true", true},
		{"v4.2.0", nil, "true", false},
	} {
		env := fmt.Sprintf("[{name: SKIP_POST_DEPLOYMENT_MIGRATIONS, value: %q}]", c.skip)
		if c.skip == "unset" {
			env = "[]"
		}
		tree := fstest.MapFS{"job.yaml": {Data: []byte(`{apiVersion: batch/v1, kind: Job, metadata: {name: m}, spec: {template: {spec: {containers: [
{name: m, image: "ghcr.io/glitch-soc/mastodon:v4", command: [rails, "db:migrate"], env: ` + env + `}]}}}}`)}}
		n := Between(Input{From: []string{c.from}, To: version.Parse("v4.4.0"), FromFacts: c.facts, ToFacts: to, Inventory: take(t, tree)})
		if got := n.has("zero-downtime-floor"); got != c.aborted {
			t.Errorf("%s with %q: aborted=%v", c.from, c.skip, got)
		}
	}
}

func TestSpecialSteps(t *testing.T) {
	t.Parallel()
	ids := func(from, to string, inv *inventory.Inventory) []string {
		w := &writer{in: Input{From: []string{from}, To: version.Parse(to), Inventory: inv}, base: version.Parse(from), inv: inv}
		if inv == nil {
			w.inv = &inventory.Inventory{}
		}
		var out []string
		for _, e := range w.specials() {
			out = append(out, e.ID)
		}
		return out
	}
	for _, c := range []struct {
		from, to string
		want     string
	}{
		{"v4.2.9", "v4.3.0", "streaming-image encryption-secrets accounts-index"},
		{"v4.3.8", "v4.4.0-rc.1", "redis-namespace postgresql-13 redis-6.2 node-20 queue-fasp index-analyzers default-locale"},
		{"v4.4.3", "v4.5.0", "postgresql-14 sidekiq-8 fetch-replies"},
		{"v4.5.0", "v4.6.0", "ruby-3.3-node-22 imagemagick elasticsearch-client-8"},
		{"v4.4.3", "v4.4.22", ""},
		{"v4.6.0", "v4.6.5", ""},
		{"v4.6.0", "v4.5.0", ""},
		{"nightly.2025-01-01", "v4.5.0", ""},
	} {
		if got := strings.Join(ids(c.from, c.to, nil), " "); got != c.want {
			t.Errorf("%s to %s: %s\nwant %s", c.from, c.to, got, c.want)
		}
	}
	if got := ids("v4.2.9", "v4.4.0", nil); !slices.Contains(got, "two-phases-from-4.3") {
		t.Errorf("4.2 to 4.4 is possible in two phases: %v", got)
	}
	none := &inventory.Inventory{}
	if got := strings.Join(ids("v4.3.8", "v4.6.0", none), " "); strings.Contains(got, "redis-namespace") || strings.Contains(got, "index-analyzers") {
		t.Errorf("a repository without either is concerned: %s", got)
	}
	some := &inventory.Inventory{
		Settings: []inventory.Setting{{Name: "REDIS_NAMESPACE"}, {Name: "MASTODON_USE_LIBVIPS", Value: "true"}},
		Search:   []inventory.Store{{Object: inventory.Object{Listed: true}, Product: "elasticsearch", Version: "8.19.1"}},
	}
	got := ids("v4.3.8", "v4.6.0", some)
	if !slices.Contains(got, "redis-namespace") || slices.Contains(got, "imagemagick") || slices.Contains(got, "elasticsearch-client-8") {
		t.Error(got)
	}
}

func TestSupport(t *testing.T) {
	t.Parallel()
	from, to := release("v4.3.22", "2026-04-15"), release("v4.3.23", "2026-05-20")
	to.Support = []facts.Support{{ReleaseLine: "4.4", Supported: true}, {ReleaseLine: "4.3", Supported: true, Until: "2026-05-06", Place: facts.Place{File: "SECURITY.md", Line: 19}}}
	n := judge(from, to)
	if n.Support.State != Ended || !n.has("end-of-support") || n.Support.words() != "support of 4.3 ended on 2026-05-06" {
		t.Errorf("%+v", n.Support)
	}
	in := Input{From: []string{"v4.3.22"}, To: version.Parse("v4.4.5"), EndOfSupport: "2030-01-01", Urgent: true}
	n = Between(in)
	if n.Support.State != Supported || !n.Urgent || !strings.Contains(strings.SplitN(n.Markdown(), "\n", 3)[1], "urgent") || !strings.Contains(n.Summary(), "urgent") {
		t.Errorf("%+v %s", n.Support, n.Summary())
	}
}

func TestTitlesOfProcesses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		command, version string
		want             bool
	}{
		{`sh -c ps aux | grep '[s]idekiq\ 7' || false`, "8.0.9", true},
		{`sh -c ps aux | grep '[s]idekiq\ 7' || false`, "7.3.9", false},
		{`sh -c ps aux | grep '[s]idekiq\ [78]' || false`, "8.0.9", false},
		{`sh -c ps aux | grep '[s]idekiq\ [78]' || false`, "9.0.0", true},
		{`sh -c ps aux | grep '[s]idekiq\ [7-9]' || false`, "8.0.9", false},
		{`pgrep -f 'sidekiq 7'`, "8.0.9", true},
		{`pgrep -f 'sidekiq 7.3'`, "8.0.9", true},
		{`pgrep -f sidekiq`, "8.0.9", false},
		{`pgrep -f 'sidekiq[[:space:]]7'`, "8.0.9", true},
		{`bundle exec sidekiq -c 25`, "8.0.9", false},
	} {
		if got := outdated(c.command, "sidekiq", c.version); got != c.want {
			t.Errorf("%s with %s: %v", c.command, c.version, got)
		}
	}
	if !outdated("pgrep -f 'puma 6'", "puma", "7.1.0") || outdated("pgrep -f 'puma 6'", "sidekiq", "8.0.0") {
		t.Error("puma")
	}
}

func TestStopBetweenPhases(t *testing.T) {
	t.Parallel()
	from, to := release("v4.4.3", ""), release("v4.5.0", "", pre("1", "a", ""), post("2", "b", ""))
	job := func(name, env, annotations string) string {
		return fmt.Sprintf(`{apiVersion: batch/v1, kind: Job, metadata: {name: %s, annotations: {%s}}, spec: {template: {spec: {containers: [{name: m, image: "x/mastodon:v4.4.3", command: [rails, "db:migrate"], env: [%s]}]}}}}`, name, annotations, env)
	}
	skip := "{name: SKIP_POST_DEPLOYMENT_MIGRATIONS, value: x}"
	argo := "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: m}\nspec: {source: {path: .}}\n"
	flux := "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: m}\nspec: {path: .}\n"
	for _, c := range []struct {
		name, want, engine string
		jobs               []string
	}{
		{
			"hooks", "as soon as the new pods are up (hook PostSync of Job after)", argo,
			[]string{job("before", skip, "argocd.argoproj.io/hook: PreSync"), job("after", "", "argocd.argoproj.io/hook: PostSync")},
		},
		{"flux", "waits for nothing", flux, []string{job("before", skip, ""), job("after", "", "")}},
		{"one job", "Set SKIP_POST_DEPLOYMENT_MIGRATIONS in it", argo, []string{job("all", "", "argocd.argoproj.io/hook: PreSync")}},
		{"none", "Nothing starts the second phase but you", "", nil},
	} {
		tree := fstest.MapFS{"x.yaml": {Data: []byte("a: 1")}}
		for i, j := range c.jobs {
			tree[fmt.Sprintf("job%d.yaml", i)] = &fstest.MapFile{Data: []byte(j)}
		}
		if c.engine != "" {
			tree["engine.yaml"] = &fstest.MapFile{Data: []byte(c.engine)}
		}
		n := Between(Input{From: []string{"v4.4.3"}, To: version.Parse("v4.5.0"), FromFacts: from, ToFacts: to, Inventory: take(t, tree)})
		if !strings.Contains(n.Stop, c.want) {
			t.Errorf("%s: %s", c.name, n.Stop)
		}
	}
	if n := judge(from, release("v4.5.0", "", pre("1", "a", ""))); n.Stop != "" {
		t.Errorf("one phase has a between: %s", n.Stop)
	}
}

func TestWayBack(t *testing.T) {
	t.Parallel()
	irreversible := post("2", "b", "")
	irreversible.Irreversible = true
	drops := post("3", "c", "")
	drops.Operations = []facts.Operation{{Kind: facts.RemoveColumn, Table: "users", Columns: []string{"secret"}, Line: 5}}
	old := release("v4.4.3", "")
	old.Schema.Tables = []facts.Table{{Name: "users"}}
	if n := judge(old, release("v4.5.0", "", drops)); !strings.Contains(n.Back, "They take away users.secret.") {
		t.Error(n.Back)
	}
	newer := release("v4.5.0", "", pre("1", "a", ""), irreversible)
	if n := judge(newer, release("v4.4.3", "")); !strings.Contains(n.Back, "1 migration cannot be undone: 2_b.rb") {
		t.Error(n.Back)
	}
	n := judge(release("v4.5.0", "", pre("1", "a", ""), pre("2", "b", "")), release("v4.4.3", ""))
	if i := slices.IndexFunc(n.Steps, func(s Step) bool {
		return strings.Contains(s.Command, "db:migrate:down VERSION=2\nbundle exec rails db:migrate:down VERSION=1")
	}); i < 0 {
		t.Error(n.Steps)
	}
}

// The old code runs while the first phase has run: what that takes away from it is said.
func TestOldCode(t *testing.T) {
	t.Parallel()
	drops := pre("1", "a", "")
	drops.Operations = []facts.Operation{{Kind: facts.DropTable, Table: "imports", Line: 5}, {Kind: facts.DropTable, Table: "made_since", Line: 6}}
	old := release("v4.4.3", "")
	old.Schema.Tables = []facts.Table{{Name: "imports"}}
	n := judge(old, release("v4.5.0", "", drops))
	if i := slices.IndexFunc(n.Hazards, func(h Hazard) bool { return h.ID == "old-code" }); i < 0 || strings.Contains(fmt.Sprint(n.Hazards), "made_since") {
		t.Error(n.Hazards)
	}
}

// A Job that runs before the sync waits for ever for a generated name that only the sync brings, and reads what is old under a
// name that stays.
func TestHookBeforeTheConfigurationArrives(t *testing.T) {
	t.Parallel()
	for options, want := range map[string]severity.Level{"": severity.Warning, "options: {disableNameSuffixHash: true}, ": severity.Info} {
		tree := fstest.MapFS{
			"app.yaml":             {Data: []byte("apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: m}\nspec: {source: {path: m}}\n")},
			"m/kustomization.yaml": {Data: []byte("resources: [job.yaml]\nconfigMapGenerator:\n- {name: env, " + options + "literals: [A=1]}\n")},
			"m/job.yaml": {Data: []byte(`{apiVersion: batch/v1, kind: Job, metadata: {name: j, annotations: {argocd.argoproj.io/hook: PreSync}}, spec: {template: {spec: {
containers: [{name: m, image: "x/mastodon:v4.4.3", command: [rails, "db:migrate"], volumeMounts: [{name: c, mountPath: /c}]}],
volumes: [{name: c, projected: {sources: [{configMap: {name: env}}]}}]}}}}`)},
		}
		n := Between(Input{From: []string{"v4.4.3"}, To: version.Parse("v4.4.4"), Inventory: take(t, tree)})
		i := slices.IndexFunc(n.Hazards, func(h Hazard) bool { return h.ID == "hook-order" })
		if i < 0 || n.Hazards[i].Severity != want || n.Hazards[i].Source != "m/job.yaml:3" {
			t.Errorf("%q: %+v", options, n.Hazards)
		}
	}
}

// What a chat is told is a few sentences, with nothing in them that a manifest could hold.
func TestSummary(t *testing.T) {
	t.Parallel()
	from := release("v4.5.15", "2026-08-07")
	from.Changelog = []facts.Release{section("v4.5.14", "2026-07-27", "GHSA-late"), section("v4.5.0", "2025-11-06")}
	to := release("v4.6.0", "2026-06-17", pre("1", "a", ""))
	to.Changelog = []facts.Release{section("v4.6.0", "2026-06-17"), section("v4.5.0", "2025-11-06")}
	want := "Migrations before the roll-out: 1 migration before the roll-out, none after it. It LOSES 1 security fix that v4.5.15 has. " +
		"1 error, 2 warnings in this repository and on the way. 4 steps by hand."
	if diff := cmp.Diff(want, judge(from, to).Summary()); diff != "" {
		t.Error(diff)
	}
	_, in := readScenario(t, "testdata/hostile.txtar")
	if got := Between(in).Summary(); strings.ContainsAny(got, "@<#`") {
		t.Error(got)
	}
}
