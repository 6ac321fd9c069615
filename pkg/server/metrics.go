package server

import (
	"net/http"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are kept in a registry of their own. Each label has a fixed set of
// values: none comes from a repository.
type metrics struct {
	registry *prometheus.Registry

	passes       *prometheus.CounterVec
	duration     prometheus.Histogram
	lastPass     prometheus.Gauge
	lastSuccess  prometheus.Gauge
	pullRequests *prometheus.CounterVec
	incomplete   prometheus.Gauge
	unsent       prometheus.Counter
	reloads      *prometheus.CounterVec
	configOK     prometheus.Gauge
	configAt     prometheus.Gauge
}

// actions and results are the values of the labels, all exported from the
// start, so that the first of its kind is an increase and not a new series.
var (
	actions = []Action{Opened, Updated, Unchanged, Left, Closed, Other}
	results = []string{succeeded, failed, stopped}
)

func newMetrics(version string) *metrics {
	m := &metrics{
		registry:     prometheus.NewRegistry(),
		passes:       counters("bot_passes_total", "Passes that ended, by result.", "result"),
		duration:     durations(),
		lastPass:     gauge("bot_last_pass_timestamp_seconds", "When the last pass ended, whatever its result."),
		lastSuccess:  gauge("bot_last_successful_pass_timestamp_seconds", "When the last pass ended that succeeded."),
		pullRequests: counters("bot_pull_requests_total", "Pull requests that passes dealt with, by what was done.", "action"),
		incomplete:   gauge("bot_incomplete_releases", "Releases that lacked an image when the last pass looked."),
		unsent:       counter("bot_notifications_failed_total", "Notifications that could not be sent; each is tried again by the next pass."),
		reloads:      counters("bot_config_loads_total", "Times the configuration was read anew, by result.", "result"),
		configOK:     gauge("bot_config_last_load_successful", "1 when the configuration on disk is the one in use."),
		configAt:     gauge("bot_config_last_load_success_timestamp_seconds", "When the configuration in use was loaded."),
	}

	build := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "bot_build_info", Help: "1; the labels say what runs."}, []string{"version", "goversion"})
	build.WithLabelValues(version, runtime.Version()).Set(1)

	m.registry.MustRegister(m.passes, m.duration, m.lastPass, m.lastSuccess, m.pullRequests, m.incomplete, m.unsent,
		m.reloads, m.configOK, m.configAt, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))

	for _, r := range results {
		m.passes.WithLabelValues(r)
	}

	for _, a := range actions {
		m.pullRequests.WithLabelValues(string(a))
	}

	m.reloads.WithLabelValues(succeeded)
	m.reloads.WithLabelValues(failed)

	return m
}

func counter(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
}

func counters(name, help, label string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{label})
}

func gauge(name, help string) prometheus.Gauge {
	return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
}

// durations reach from an idle pass over one repository to one over a thousand.
func durations() prometheus.Histogram {
	return prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "bot_pass_duration_seconds", Help: "How long passes took.",
		Buckets: []float64{0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800},
	})
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry, MaxRequestsInFlight: 4, Timeout: 20 * time.Second})
}

// count notes the end of a pass.
func (m *metrics) count(o outcome) {
	end := seconds(o.began.Add(o.took))

	m.passes.WithLabelValues(o.result).Inc()
	m.duration.Observe(o.took.Seconds())
	m.lastPass.Set(end)

	for action, n := range o.report.PullRequests {
		m.pullRequests.WithLabelValues(string(known(action))).Add(float64(max(n, 0)))
	}

	m.unsent.Add(float64(max(o.report.Unsent, 0)))

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
	m.reloads.WithLabelValues(succeeded).Inc()
	m.configOK.Set(1)
	m.configAt.Set(seconds(at))
}

func (m *metrics) refused() {
	m.reloads.WithLabelValues(failed).Inc()
	m.configOK.Set(0)
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
