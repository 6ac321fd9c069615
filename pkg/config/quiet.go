package config

import (
	"strconv"
	"time"
)

func quietShape() shape[Quiet] {
	return object(
		field("from", "When the quiet begins.",
			clockTime(), func(q *Quiet) *time.Duration { return &q.From }).like(`"22:00"`).must(),
		field("to", "When it ends; before from where midnight lies between.",
			clockTime(), func(q *Quiet) *time.Duration { return &q.To }).like(`"07:00"`).must(),
	)
}

// clockTime is a time of day, as the duration since midnight.
func clockTime() shape[time.Duration] {
	const pattern = `^([01][0-9]|2[0-3]):[0-5][0-9]$`
	return text("time of day", func(s string) (time.Duration, error) {
		t, err := time.Parse("15:04", s)
		if err != nil || len(s) != len("15:04") {
			return 0, wrong(`write "22:00", in quotes`, "%s is no time of day", strconv.Quote(s))
		}
		return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, nil
	}).constrained(func(s *Schema) { s.Pattern = pattern })
}
