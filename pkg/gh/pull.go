package gh

import (
	"strings"
	"time"

	"github.com/google/go-github/v62/github"
)

// PullRequest is a pull request as GitHub knows it.
type PullRequest struct {
	Number int
	// NodeID is its name in GraphQL.
	NodeID string
	URL    string
	Title  string
	Body   string
	// State is "open" or "closed"; a merged one is closed too.
	State  string
	Merged bool
	Head   Ref
	Base   Ref
	// Labels, Reviewers (asked and not yet answered; teams as "org/slug") and
	// Assignees are in GitHub's order, never nil.
	Labels    []string
	Reviewers []string
	Assignees []string
	Draft     bool
	// AutoMergeBy is the login of who told GitHub to merge it when its rules
	// are met; empty: nobody did.
	AutoMergeBy string
	// Author is the login of who opened it.
	Author string
	// Marker is ours, as it stands in the body; zero if it was lost.
	Marker    Marker
	CreatedAt time.Time
	UpdatedAt time.Time
	MergedAt  time.Time // zero unless merged
	ClosedAt  time.Time // zero while open
}

// Ref is a branch of a pull request and the commit at its tip.
type Ref struct{ Ref, SHA string }

func pullRequest(p *github.PullRequest) PullRequest {
	marker, _ := ParseMarker(p.GetBody())

	pr := PullRequest{
		Number:      p.GetNumber(),
		NodeID:      p.GetNodeID(),
		URL:         p.GetHTMLURL(),
		Title:       p.GetTitle(),
		Body:        p.GetBody(),
		State:       p.GetState(),
		Merged:      p.GetMerged() || !p.GetMergedAt().IsZero(),
		Head:        Ref{p.GetHead().GetRef(), p.GetHead().GetSHA()},
		Base:        Ref{p.GetBase().GetRef(), p.GetBase().GetSHA()},
		Labels:      []string{},
		Reviewers:   []string{},
		Assignees:   logins(p.Assignees),
		Draft:       p.GetDraft(),
		Author:      p.GetUser().GetLogin(),
		AutoMergeBy: p.GetAutoMerge().GetEnabledBy().GetLogin(),
		Marker:      marker,
		CreatedAt:   p.GetCreatedAt().Time,
		UpdatedAt:   p.GetUpdatedAt().Time,
		MergedAt:    p.GetMergedAt().Time,
		ClosedAt:    p.GetClosedAt().Time,
	}

	for _, label := range p.Labels {
		pr.Labels = append(pr.Labels, label.GetName())
	}

	pr.Reviewers = append(pr.Reviewers, logins(p.RequestedReviewers)...)
	for _, team := range p.RequestedTeams {
		// Only teams of the repository's owner can be asked.
		pr.Reviewers = append(pr.Reviewers, p.GetBase().GetRepo().GetOwner().GetLogin()+"/"+team.GetSlug())
	}

	return pr
}

func logins(users []*github.User) []string {
	names := make([]string, 0, len(users))
	for _, user := range users {
		names = append(names, user.GetLogin())
	}

	return names
}

// fromHere tells whether the head branch is in the repository itself. A fork
// may have a branch of the same name, and whoever owns it writes what they
// like into the body.
func fromHere(p *github.PullRequest) bool {
	head, base := p.GetHead().GetRepo(), p.GetBase().GetRepo()

	return head.GetID() != 0 && head.GetID() == base.GetID()
}

// ours tells whether we opened it for the branch it comes from.
func ours(p *github.PullRequest) bool {
	head := p.GetHead().GetRef()
	if !strings.HasPrefix(head, BranchPrefix) || !fromHere(p) {
		return false
	}

	marker, ok := ParseMarker(p.GetBody())

	return ok && head == Branch(marker.Application, marker.Track)
}
