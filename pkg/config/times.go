package config

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a time zone is valid or not whatever the machine has installed

	"github.com/robfig/cron/v3"
)

// durationPattern is what duration accepts: 90m, 24h, 7d, 1d12h.
const durationPattern = `^(?:[0-9]{1,4}d)?(?:[0-9]{1,5}h)?(?:[0-9]{1,7}m)?(?:[0-9]{1,8}s)?$`

// duration is a length of time in days (of 24 hours), hours, minutes and seconds.
func duration() shape[time.Duration] {
	re := regexp.MustCompile(durationPattern)
	return text("duration", func(s string) (time.Duration, error) {
		if s == "" || !re.MatchString(s) {
			return 0, wrong("write 24h or 7d; the units are d, h, m and s, in this order", "%s is not a duration", quote(s))
		}
		return parseDuration(s)
	}).constrained(func(s *Schema) { s.Pattern, s.MinLength, s.Examples = durationPattern, new(1), []string{"24h", "7d"} })
}

// parseDuration adds days to what the time package knows.
func parseDuration(s string) (time.Duration, error) {
	days, rest, found := strings.Cut(s, "d")
	if !found {
		return time.ParseDuration(s)
	}
	n, err := strconv.Atoi(days)
	if err != nil {
		return 0, err
	}
	d := time.Duration(n) * 24 * time.Hour
	if rest == "" {
		return d, nil
	}
	more, err := time.ParseDuration(rest)
	return d + more, err
}

// day is the last moment of something: a date means the end of that day in UTC.
func day() shape[time.Time] {
	return text("date", func(s string) (time.Time, error) {
		if t, err := time.Parse(time.DateOnly, s); err == nil {
			return t.AddDate(0, 0, 1).Add(-time.Second), nil
		}
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return time.Time{}, wrong("write 2026-12-31, or 2026-12-31T18:00:00Z", "%s is not a date", quote(s))
		}
		return t.UTC(), nil
	}).constrained(func(s *Schema) {
		s.Pattern = `^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2}))?$`
		s.Examples = []string{"2026-12-31"}
	})
}

// zone is a name of the time zone database. It never means the machine's own zone.
func zone() shape[*time.Location] {
	return text("time zone", func(s string) (*time.Location, error) {
		if s == "" || s == "Local" {
			return nil, wrong("write a name such as Europe/Stockholm, or UTC", "%s is not a time zone", quote(s))
		}
		loc, err := time.LoadLocation(s)
		if err != nil {
			return nil, wrong("write a name such as Europe/Stockholm, or UTC", "%s is not a time zone", quote(s))
		}
		return loc, nil
	}).constrained(func(s *Schema) { s.MinLength, s.Examples = new(1), []string{"Europe/Stockholm", "UTC"} })
}

// cronFields is the only form of a schedule: no seconds, no @daily, no zone of its own.
const cronFields = cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow

// schedule is a cron expression of five fields; whoever runs it parses it again.
func schedule() shape[string] {
	return text("cron expression", func(s string) (string, error) {
		const hint = "write five fields: minute, hour, day of the month, month, day of the week"
		fields := strings.Fields(s)
		// The parser takes a zone in front of the fields, and panics on half of one.
		if strings.Contains(s, "=") {
			return "", wrong("the key timeZone says where it applies", "%s names a time zone", quote(s))
		}
		if len(fields) != 5 {
			return "", wrong(hint, "%s has %d fields", quote(s), len(fields))
		}
		parsed, err := cron.NewParser(cronFields).Parse(s)
		if err != nil {
			return "", wrong(hint, "%s is not a cron expression: %s", quote(s), clip(err.Error()))
		}
		if parsed.Next(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
			return "", wrong("no such day is in any year", "%s never comes", quote(s))
		}
		return s, nil
	}).constrained(func(s *Schema) {
		s.Pattern = `^\s*\S+(\s+\S+){4}\s*$`
		s.Examples = []string{"*/30 * * * *"}
	})
}
