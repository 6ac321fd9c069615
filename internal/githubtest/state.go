package githubtest

import "slices"

// Pull is what became of a pull request, for a test to look at.
type Pull struct {
	Number             int
	Title, Body, State string
	Merged, Draft      bool
	AutoMerge          bool
	Head, Base         Ref
	Author, ClosedBy   string
	Labels             []string
	Reviewers, Teams   []string
	Assignees          []string
	Comments           []Comment
}

// Comment is what somebody said.
type Comment struct {
	Author, Body string
	// Reactions are their contents.
	Reactions []string
}

// Pulls are the pull requests of the repository by number.
func (h Hands) Pulls() []Pull {
	pulls := []Pull{}

	_ = h.do(0, func(r *repository, _ *issue) error { // a repository that is not there has none
		for _, i := range r.all() {
			if i.pull != nil {
				pulls = append(pulls, i.snapshot())
			}
		}

		return nil
	})
	slices.Reverse(pulls)

	return pulls
}

// Comments are those on an issue or a pull request, the oldest first.
func (h Hands) Comments(number int) []Comment {
	var comments []Comment

	_ = h.do(number, func(_ *repository, i *issue) error { // a number that is not there has none
		comments = i.said()

		return nil
	})

	return comments
}

func (i *issue) snapshot() Pull {
	p := Pull{
		Number: i.number, Title: i.title, Body: i.body, State: i.state(), Merged: !i.pull.merged.IsZero(), Draft: i.pull.draft,
		AutoMerge: i.pull.auto != nil && !i.closed,
		Head:      i.pull.head, Base: i.pull.base, Author: i.author, ClosedBy: i.closedBy,
		Reviewers: slices.Clone(i.pull.reviewers), Teams: slices.Clone(i.pull.teams), Assignees: slices.Clone(i.assignees),
		Comments: i.said(),
	}

	for _, l := range i.labels {
		p.Labels = append(p.Labels, l.name)
	}

	return p
}

func (i *issue) said() []Comment {
	comments := []Comment{}
	for _, c := range i.comments {
		said := Comment{Author: c.author, Body: c.body}
		for _, r := range c.reactions {
			said.Reactions = append(said.Reactions, r.content)
		}

		comments = append(comments, said)
	}

	return comments
}
