package config

import "time"

func fleetShape() shape[Fleet] {
	return object(
		field("workers", "How many repositories are worked on at once.",
			integer[int](1), func(f *Fleet) *int { return &f.Workers }).like("16").def("8"),
		field("perAccount", "How many of them may belong to one account, which has one rate limit.",
			integer[int](1), func(f *Fleet) *int { return &f.PerAccount }).like("2").def("4"),
		field("timeout", "How long one repository may take in one pass.",
			lasting(), func(f *Fleet) *time.Duration { return &f.Timeout }).like("5m").def("10m"),
	)
}

func queueShape() shape[Queue] {
	return object(
		field("dsnFrom", "Where the connection string is.", sourceShape(), func(q *Queue) *Source { return &q.DSNFrom }).like("{env: BOT_QUEUE}").must(),
		field("rescue", "How long a repository may be in the hands of a replica that is gone before another takes it over; longer than fleet.timeout.",
			lasting(), func(q *Queue) *time.Duration { return &q.Rescue }).like("15m").otherwise("fleet.timeout and a minute"),
	)
}

func checkFleet(d *decoder, at place, o *Operator) {
	if o.Queue != nil && o.Queue.Rescue > 0 && o.Queue.Rescue <= o.Fleet.Timeout {
		d.fail(at.key("queue").key("rescue"), "a repository would be taken over while its replica still works on it", "make it longer than fleet.timeout")
	}
}
