package server

import (
	"runtime"
	"time"

	vm "github.com/VictoriaMetrics/metrics"
)

// metrics are kept in sets of their own, one a family. Each label has a fixed
// set of values, but those of state, which are bounded in number.
type metrics struct {
	families []*family

	passes       map[string]*vm.Counter
	duration     *histogram
	lastPass     *vm.Gauge
	lastSuccess  *vm.Gauge
	pullRequests map[Action]*vm.Counter
	incomplete   *vm.Gauge
	unsent       *vm.Counter
	hooks        map[string]*vm.Counter
	reloads      map[string]*vm.Counter
	configOK     *vm.Gauge
	configAt     *vm.Gauge
	state        *state
}

// actions and results are the values of the labels, all exported from the
// start, so that the first of its kind is an increase and not a new series.
var (
	actions = []Action{Opened, Updated, Unchanged, Left, Closed, Other}
	results = []string{succeeded, failed, stopped}
)

// durations reach from an idle pass over one repository to one over a thousand.
func durations() []float64 { return []float64{0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800} }

func newMetrics(version string) *metrics {
	m := &metrics{}

	m.passes = counters(m.counter("bot_passes_total", "Passes that ended, by result."), "result", results)
	m.duration = m.family("bot_pass_duration_seconds", "histogram", "How long passes took.").histogram(durations())
	m.lastPass = m.gauge("bot_last_pass_timestamp_seconds", "When the last pass ended, whatever its result.")
	m.lastSuccess = m.gauge("bot_last_successful_pass_timestamp_seconds", "When the last pass ended that succeeded.")
	m.pullRequests = counters(m.counter("bot_pull_requests_total", "Pull requests that passes dealt with, by what was done."), "action", actions)
	m.incomplete = m.gauge("bot_incomplete_releases", "Releases that lacked an image when the last pass looked.")
	m.unsent = m.counter("bot_notifications_failed_total", "Notifications that could not be sent; each is tried again by the next pass.").counter("")
	m.hooks = counters(m.counter("bot_webhooks_total", "Webhooks that came, by what became of them."), "result", []string{"taken", "refused"})
	m.reloads = counters(m.counter("bot_config_loads_total", "Times the configuration was read anew, by result."), "result", []string{succeeded, failed})
	m.configOK = m.gauge("bot_config_last_load_successful", "1 when the configuration on disk is the one in use.")
	m.configAt = m.gauge("bot_config_last_load_success_timestamp_seconds", "When the configuration in use was loaded.")

	m.state = newState(m)

	m.family("bot_build_info", "gauge", "1; the labels say what runs.").
		gauge(labels("version", version, "goversion", runtime.Version())).Set(1)

	return m
}

// count notes the end of a pass.
func (m *metrics) count(o outcome) {
	end := seconds(o.began.Add(o.took))

	m.passes[o.result].Inc()
	m.duration.observe(o.took.Seconds())
	m.lastPass.Set(end)

	for action, n := range o.report.PullRequests {
		m.pullRequests[known(action)].Add(max(n, 0))
	}

	m.unsent.Add(max(o.report.Unsent, 0))
	m.state.set(o.report.State)

	// A pass that was stopped or failed has not looked everywhere.
	if o.result == succeeded {
		m.incomplete.Set(float64(o.report.Incomplete))
		m.lastSuccess.Set(end)
	}
}

func known(action Action) Action {
	switch action {
	case Opened, Updated, Unchanged, Left, Closed:
		return action
	}

	return Other
}

func (m *metrics) loaded(at time.Time) {
	m.reloads[succeeded].Inc()
	m.configOK.Set(1)
	m.configAt.Set(seconds(at))
}

func (m *metrics) refused() {
	m.reloads[failed].Inc()
	m.configOK.Set(0)
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

// hook counts a webhook: taken or refused.
func (m *metrics) hook(result string) { m.hooks[result].Inc() }
