package history

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"time"

	"github.com/goingdark-social/bot/pkg/patch"
)

// Step is one commit of a branch along its first parents.
type Step struct {
	// Hash and Subject name the commit; At is when it came to the branch.
	Hash, Subject string
	At            time.Time
	FS            fs.FS
	// Changed are the files in which the next newer step differs from this one.
	Changed []Change
	// Cut tells that there is more before this commit, which is not at hand.
	Cut bool
}

// Change is a file that two steps do not share, with the hash of what it holds
// in each; "" where it is not there.
type Change struct{ Path, Older, Newer string }

// Point is a commit that changed what an application runs.
type Point struct {
	Commit, Subject string
	At              time.Time
	// Runs is what its components run from here on, by component; empty: it was
	// not there.
	Runs []patch.Run
}

// Branch is what the applications of a branch ran over time.
type Branch struct {
	// Points by the name that an application has at the newest commit, the
	// oldest first. An application that was moved or renamed is followed while
	// there is one other of its family.
	Points map[string][]Point
	// Since is the time of the oldest commit. Cut tells that it is not the
	// first: the clone is shallow.
	Since time.Time
	Cut   bool
	// Commits were walked over, Scanned of them read for image references: those
	// that touch a file which names an image or decides what runs.
	Commits, Scanned int
}

// Read reads the steps of a branch, newest first, as Steps of pkg/repo gives
// them. Every tree is read with the same options, best those of the policy at
// the newest commit; give them a Memory.
func Read(ctx context.Context, steps iter.Seq2[Step, error], o patch.Options) (*Branch, error) {
	r := &reader{options: o, interest: newInterest(o), branch: &Branch{Points: map[string][]Point{}}}

	for step, err := range steps {
		if err != nil {
			return nil, err
		}

		if err := r.step(ctx, step); err != nil {
			return nil, err
		}
	}

	r.close()

	return r.branch, nil
}

// reader walks back in time.
type reader struct {
	options  patch.Options
	interest *interest
	branch   *Branch
	trails   []*trail
	newer    Step
}

// trail is one application on the way back.
type trail struct {
	name  string // at the newest commit
	alias string // at the step in hand
	kin   patch.Family
	runs  []patch.Run
	came  Point // the oldest commit so far that has these runs
}

func (r *reader) step(ctx context.Context, s Step) error {
	r.branch.Commits++
	r.branch.Since, r.branch.Cut = s.At, s.Cut

	if r.branch.Commits == 1 || r.interest.in(s, r.newer) {
		tree, err := patch.Scan(ctx, s.FS, r.options)
		if err != nil {
			return fmt.Errorf("commit %s: %w", s.Hash, err)
		}

		r.branch.Scanned++
		r.scanned(tree)
		r.interest.reaches(tree)
	}

	for _, t := range r.trails {
		t.came.Commit, t.came.Subject, t.came.At = s.Hash, s.Subject, s.At
	}

	r.newer = s

	return nil
}

// scanned compares what a tree says with the newer one.
func (r *reader) scanned(tree *patch.Tree) {
	if r.branch.Commits == 1 {
		for _, a := range tree.Applications {
			r.trails = append(r.trails, &trail{name: a.Name, alias: a.Name, kin: a.Family, runs: a.Runs})
		}

		return
	}

	for _, t := range r.trails {
		var runs []patch.Run
		if a := r.find(tree, t); a != nil {
			t.alias, runs = a.Name, a.Runs
		}

		if same(t.runs, runs) {
			continue
		}

		r.closeTrail(t)
		t.runs = runs
	}
}

// find is an application in an older tree: by its name, else the only one of
// its family that no other is known by.
func (r *reader) find(tree *patch.Tree, t *trail) *patch.Application {
	var kin []*patch.Application

	for i := range tree.Applications {
		a := &tree.Applications[i]
		if a.Name == t.alias {
			return a
		}

		taken := slices.ContainsFunc(r.trails, func(other *trail) bool { return other != t && other.alias == a.Name })
		if a.Family == t.kin && !taken {
			kin = append(kin, a)
		}
	}

	if len(kin) == 1 {
		return kin[0]
	}

	return nil
}

func (r *reader) closeTrail(t *trail) {
	p := t.came
	p.Runs = t.runs
	r.branch.Points[t.name] = append(r.branch.Points[t.name], p)
}

// close ends every trail at the oldest commit, and turns time around.
func (r *reader) close() {
	for _, t := range r.trails {
		r.closeTrail(t)

		points := r.branch.Points[t.name]
		slices.Reverse(points)
		r.branch.Points[t.name] = forward(points)
	}
}

// forward drops the time before an application was there, and lets no point
// be earlier than the one before it: clocks of committers differ.
func forward(points []Point) []Point {
	points = slices.Delete(points, 0, max(0, slices.IndexFunc(points, func(p Point) bool { return len(p.Runs) > 0 })))

	for i := 1; i < len(points); i++ {
		if points[i].At.Before(points[i-1].At) {
			points[i].At = points[i-1].At
		}
	}

	return points
}

func same(a, b []patch.Run) bool {
	return slices.EqualFunc(a, b, func(a, b patch.Run) bool { return a.Component == b.Component && a.Version.Equal(b.Version) })
}
