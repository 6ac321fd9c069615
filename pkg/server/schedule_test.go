package server

import (
	"context"
	"testing"
	"time"
)

func schedule(t *testing.T, setup Setup, random func(time.Duration) time.Duration) *plan {
	t.Helper()

	setup.Pass = func(context.Context) (Report, error) { return Report{}, nil }

	s, err := New(Options{Load: func(context.Context) (Setup, error) { return setup, nil }, Random: random})
	if err != nil {
		t.Fatal(err)
	}

	p, err := s.plan(setup)
	if err != nil {
		t.Fatal(err)
	}

	return p
}

func TestScheduleFollowsItsTimeZone(t *testing.T) {
	t.Parallel()

	stockholm, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Fatal(err)
	}

	for _, c := range []struct {
		name, cron string
		zone       *time.Location
		from, want string
	}{
		{"no zone is UTC", "0 6 * * *", nil, "2026-01-10T05:00:00Z", "2026-01-10T06:00:00Z"},
		{"winter", "0 6 * * *", stockholm, "2026-01-10T04:59:00Z", "2026-01-10T05:00:00Z"},
		{"summer", "0 6 * * *", stockholm, "2026-07-10T03:59:00Z", "2026-07-10T04:00:00Z"},
		{"the night that is an hour short", "*/30 * * * *", stockholm, "2026-03-29T00:59:00Z", "2026-03-29T01:00:00Z"},
		{"the hour that comes twice", "*/30 * * * *", stockholm, "2026-10-25T00:31:00Z", "2026-10-25T01:00:00Z"},
	} {
		from, _ := time.Parse(time.RFC3339, c.from)
		p := schedule(t, Setup{Schedule: c.cron, Location: c.zone}, nil)

		if got := p.schedule.Next(from).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s: after %s comes %s, want %s", c.name, c.from, got, c.want)
		}
	}
}

// TestAShortDayAndALongOne: a half-hourly schedule comes 46 times on the day
// that summer time begins and 50 times on the day that it ends.
func TestAShortDayAndALongOne(t *testing.T) {
	t.Parallel()

	stockholm, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Fatal(err)
	}

	p := schedule(t, Setup{Schedule: "*/30 * * * *", Location: stockholm}, nil)

	for day, want := range map[time.Time]int{
		time.Date(2026, 3, 29, 0, 0, 0, 0, stockholm):  46,
		time.Date(2026, 6, 29, 0, 0, 0, 0, stockholm):  48,
		time.Date(2026, 10, 25, 0, 0, 0, 0, stockholm): 50,
	} {
		n := 0
		for at := day.Add(-time.Second); ; n++ {
			if at = p.schedule.Next(at); !at.Before(day.AddDate(0, 0, 1)) {
				break
			}
		}

		if n != want {
			t.Errorf("%s: %d passes, want %d", day.Format(time.DateOnly), n, want)
		}
	}
}

func TestJitterSkipsNothing(t *testing.T) {
	t.Parallel()

	for _, c := range []struct {
		cron   string
		jitter time.Duration
		most   time.Duration // what is asked of the random source
	}{
		{"*/30 * * * *", time.Minute, time.Minute},
		{"* * * * *", time.Hour, 30 * time.Second},
		{"0 0 1 1 *", time.Minute, time.Minute},
	} {
		p := schedule(t, Setup{Schedule: c.cron, Jitter: c.jitter}, func(most time.Duration) time.Duration {
			if most != c.most {
				t.Errorf("%s: random below %s, want %s", c.cron, most, c.most)
			}

			return most - 1
		})
		plain := schedule(t, Setup{Schedule: c.cron}, nil)

		at, exact := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		for range 4 {
			at, exact = p.schedule.Next(at), plain.schedule.Next(exact)

			if want := exact.Add(c.most - 1); !at.Equal(want) {
				t.Errorf("%s: %s, want %s", c.cron, at, want)
			}
		}
	}
}
