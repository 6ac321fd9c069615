package server

import (
	"slices"
	"strconv"
	"sync"

	vm "github.com/VictoriaMetrics/metrics"
)

// histogram is one of Prometheus' kind, with bounds of our own; the library's
// chooses its bounds by itself, which Prometheus cannot add up.
type histogram struct {
	mu      sync.Mutex // the series change together
	bounds  []float64
	buckets []*vm.Counter // cumulative, the last for whatever is above all bounds
	sum     *vm.FloatCounter
	count   *vm.Counter
}

func (f *family) histogram(bounds []float64) *histogram {
	h := &histogram{bounds: bounds, sum: f.set.NewFloatCounter(f.name + "_sum"), count: f.set.NewCounter(f.name + "_count")}

	for _, b := range bounds {
		h.buckets = append(h.buckets, f.set.NewCounter(f.name+"_bucket"+labels("le", strconv.FormatFloat(b, 'g', -1, 64))))
	}

	h.buckets = append(h.buckets, f.set.NewCounter(f.name+"_bucket"+labels("le", "+Inf")))

	return h
}

func (h *histogram) observe(value float64) {
	h.mu.Lock()
	defer h.mu.Unlock()

	first, _ := slices.BinarySearch(h.bounds, value)
	for _, b := range h.buckets[first:] {
		b.Inc()
	}

	h.sum.Add(value)
	h.count.Inc()
}
