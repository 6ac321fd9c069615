package server

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"

	vm "github.com/VictoriaMetrics/metrics"
)

// family is the series of one name. The library prints series; what a family
// means, and its type, are printed here, since the library knows of neither
// but through a switch for the whole process.
type family struct {
	name, kind, help string

	set *vm.Set
}

func (m *metrics) family(name, kind, help string) *family {
	f := &family{name: name, kind: kind, help: help, set: vm.NewSet()}
	m.families = append(m.families, f)

	return f
}

func (m *metrics) counter(name, help string) *family { return m.family(name, "counter", help) }

func (m *metrics) gauge(name, help string) *vm.Gauge { return m.family(name, "gauge", help).gauge("") }

func (f *family) counter(labels string) *vm.Counter { return f.set.NewCounter(f.name + labels) }

func (f *family) gauge(labels string) *vm.Gauge { return f.set.NewGauge(f.name+labels, nil) }

// counters is one for each value of a label.
func counters[T ~string](f *family, label string, values []T) map[T]*vm.Counter {
	out := make(map[T]*vm.Counter, len(values))
	for _, v := range values {
		out[v] = f.counter(labels(label, string(v)))
	}

	return out
}

// escape does what the text format asks of a label's value.
var escape = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`) //nolint:gochecknoglobals // a constant in all but name

// labels are name and value in turn, as the text format writes them.
func labels(pairs ...string) string {
	out := make([]string, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, pairs[i]+`="`+escape.Replace(pairs[i+1])+`"`)
	}

	return "{" + strings.Join(out, ",") + "}"
}

func (f *family) write(w io.Writer) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", f.name, f.help, f.name, f.kind)
	f.set.WritePrometheus(w)
}

// handler answers in the text format of Prometheus, with the runtime's and the
// process's own series behind the program's.
func (m *metrics) handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		var page bytes.Buffer

		m.state.mu.Lock()
		for _, f := range m.families {
			f.write(&page)
		}
		m.state.mu.Unlock()

		vm.WriteProcessMetrics(&page)

		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		_, _ = w.Write(page.Bytes()) // the scraper went away: nobody is left to tell
	})
}
