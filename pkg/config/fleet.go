package config

import "time"

// Fleet is how many repositories are worked through.
type Fleet struct {
	// Workers is how many repositories are worked on at once; above 0. Default: 8.
	Workers int
	// PerAccount is how many of them may belong to one account; above 0. Default: 4.
	PerAccount int
	// Timeout is how long one repository may take in one pass; above 0. Default: 10 minutes.
	Timeout time.Duration
}

// DefaultFleet is how repositories are worked through unless the operator's file says otherwise.
func DefaultFleet() Fleet { return Fleet{Workers: 8, PerAccount: 4, Timeout: 10 * time.Minute} }

// Queue is the PostgreSQL through which several processes share one fleet.
type Queue struct {
	// DSNFrom is where the connection string is.
	DSNFrom Source
	// Rescue is how long a repository may be in the hands of a process that is gone before another takes it over; longer than
	// [Fleet.Timeout]. Default: that and a minute.
	Rescue time.Duration
}

// RescueAfter is what Rescue comes to with a time for one repository.
func (q Queue) RescueAfter(timeout time.Duration) time.Duration {
	if q.Rescue > 0 {
		return q.Rescue
	}
	return timeout + time.Minute
}

// Discovers tells that the repositories are those of the App's installations that carry a policy, since none are listed.
func (o *Operator) Discovers() bool { return o.GitHub.App != nil && len(o.Repositories) == 0 }
