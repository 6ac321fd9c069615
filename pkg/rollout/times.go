package rollout

import (
	"strings"
	"time"
)

// Times are the steps of a roll-out that were seen, each with its name.
func (r *Rollout) Times() [][2]string {
	var all [][2]string

	add := func(name, value string) {
		if value != "" {
			all = append(all, [2]string{name, value})
		}
	}

	add("merged", Stamp(r.Merged))
	add("migrate Job done", r.After(r.Migrated))

	for _, c := range r.Components {
		switch {
		case c.First.IsZero():
		case c.First.Equal(c.Last):
			add(c.Name, "its pod "+r.After(c.First))
		default:
			add(c.Name, "first pod "+r.After(c.First)+", last pod "+r.After(c.Last))
		}
	}

	add("every migration done", r.After(r.Finished))
	add("total", span(r.Done.Sub(r.Merged)))

	return all
}

// After is a time and how long after the merge it was; "" for none.
func (r *Rollout) After(t time.Time) string {
	if t.IsZero() {
		return ""
	}

	return Stamp(t) + " (+" + span(t.Sub(r.Merged)) + ")"
}

// Stamp is a time as people read it.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// span is a duration in minutes, or seconds where it is short.
func span(d time.Duration) string {
	if d = max(0, d); d < time.Minute {
		return d.Truncate(time.Second).String()
	}

	text := strings.TrimSuffix(d.Truncate(time.Minute).String(), "0s")
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}

	return text
}
