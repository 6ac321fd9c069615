package server

import (
	"cmp"
	"slices"
	"strconv"
	"sync"

	vm "github.com/VictoriaMetrics/metrics"
)

// State is how the repositories are, those that the last pass left out included.
type State struct {
	// Repositories by how their last visit ended.
	Repositories map[string]int
	// Findings of drift by severity.
	Findings map[string]int
	// Lags of applications behind the release that is proposed for them.
	Lags []Lag
	// Budgets are what is left of each account's rate limit.
	Budgets []Budget
}

// Lag is how long a release that an application could be on has been out.
type Lag struct {
	// Application is "owner/name: application".
	Application string
	// Security tells whether the release mends a vulnerability.
	Security bool
	// Seconds since the youngest image of the release was built; 0: it is on
	// the newest.
	Seconds float64
}

// Budget is what is left of an account's rate limit.
type Budget struct {
	Account   string
	Remaining int
}

// mostSeries bounds the series of a family whose labels are names: those that
// matter most are exported, and the sums and the worst of all beside them.
const mostSeries = 50

// state is the families that tell of a State. They are made anew each time,
// since repositories come and go.
type state struct {
	mu sync.Mutex

	repositories, findings, lag, worst, budget *family
}

func newState(m *metrics) *state {
	s := &state{
		repositories: m.family("bot_repositories", "gauge", "Repositories, by how their last visit ended."),
		findings:     m.family("bot_findings", "gauge", "Findings of drift, by severity."),
		lag:          m.family("bot_release_lag_seconds", "gauge", "How long the release proposed for an application has been out; the 50 largest."),
		worst:        m.family("bot_release_lag_max_seconds", "gauge", "The largest release lag of all applications, by whether it mends a vulnerability."),
		budget:       m.family("bot_github_budget_remaining", "gauge", "Requests that are left of an account's rate limit; the 50 lowest."),
	}
	s.set(&State{})

	return s
}

// set replaces what is told; nil: nothing is known anew.
func (s *state) set(now *State) {
	if now == nil {
		return
	}

	s.mu.Lock()
	defer s.mu.Unlock()

	s.repositories.renew(counted(now.Repositories, "result", "ok", "failed", "deferred", "stopped"))
	s.findings.renew(counted(now.Findings, "severity", "error", "warning", "info"))
	s.lag.renew(lags(now.Lags))
	s.worst.renew(worst(now.Lags))
	s.budget.renew(budgets(now.Budgets))
}

// renew gives a family other series.
func (f *family) renew(values map[string]float64) {
	set := vm.NewSet()
	for labels, value := range values {
		set.NewGauge(f.name+labels, nil).Set(value)
	}

	f.set = set
}

func counted(counts map[string]int, label string, known ...string) map[string]float64 {
	out := map[string]float64{}
	for _, value := range known {
		out[labels(label, value)] = float64(counts[value])
	}

	return out
}

func lags(all []Lag) map[string]float64 {
	out := map[string]float64{}

	sorted := slices.SortedFunc(slices.Values(all), func(a, b Lag) int { return cmp.Compare(b.Seconds, a.Seconds) })
	for _, l := range sorted[:min(len(sorted), mostSeries)] {
		out[labels("application", l.Application, "security", yes(l.Security))] = l.Seconds
	}

	return out
}

func worst(all []Lag) map[string]float64 {
	out := map[string]float64{labels("security", yes(true)): 0, labels("security", yes(false)): 0}
	for _, l := range all {
		key := labels("security", yes(l.Security))
		out[key] = max(out[key], l.Seconds)
	}

	return out
}

func budgets(all []Budget) map[string]float64 {
	out := map[string]float64{}

	sorted := slices.SortedFunc(slices.Values(all), func(a, b Budget) int { return cmp.Compare(a.Remaining, b.Remaining) })
	for _, b := range sorted[:min(len(sorted), mostSeries)] {
		out[labels("account", b.Account)] = float64(b.Remaining)
	}

	return out
}

func yes(b bool) string { return strconv.FormatBool(b) }
