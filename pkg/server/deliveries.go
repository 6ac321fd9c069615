package server

import "sync"

// mostDeliveries bounds how many ids of deliveries are remembered. GitHub
// offers to send again what it sent within the last three days.
const mostDeliveries = 10_000

// deliveries remembers which webhooks were taken.
type deliveries struct {
	mu    sync.Mutex
	known map[string]struct{}
	order []string // the oldest first, from next on once it is full
	next  int
}

// first notes an id and tells whether it is new. An empty one never is.
func (d *deliveries) first(id string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()

	if _, known := d.known[id]; known || id == "" {
		return false
	}

	if d.known == nil {
		d.known = map[string]struct{}{}
	}

	d.known[id] = struct{}{}

	if len(d.order) < mostDeliveries {
		d.order = append(d.order, id)

		return true
	}

	delete(d.known, d.order[d.next])
	d.order[d.next] = id
	d.next = (d.next + 1) % mostDeliveries

	return true
}
