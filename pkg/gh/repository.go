package gh

import (
	"context"

	"github.com/google/go-github/v62/github"
)

// Repository is what GitHub says of a repository.
type Repository struct {
	// FullName is its name today, "owner/name": another one than was asked for
	// once it was renamed or transferred.
	FullName string
	// NodeID names it where names do not do.
	NodeID        string
	DefaultBranch string
	Archived      bool
	// Issues tells that the repository has issues.
	Issues   bool
	CloneURL string
	HTMLURL  string
	// Permissions are those of the token's user. A fine-grained token may hold
	// less than its user; what it lacks shows when it is needed.
	Permissions Permissions
	// Methods are the ways of merging that the repository allows, in the order
	// merge, squash, rebase. GitHub tells only those who may push; empty:
	// unknown.
	Methods []Method
}

// Permissions are a user's rights on a repository.
type Permissions struct{ Pull, Push, Admin bool }

// Repository reads the repository "owner/name".
func (c *Client) Repository(ctx context.Context, fullName string) (Repository, error) {
	owner, name, err := split(fullName)
	if err != nil {
		return Repository{}, err
	}

	o := operation{"read the repository", fullName, "metadata: read"}

	r, _, err := call(ctx, c, o, func(ctx context.Context) (*github.Repository, *github.Response, error) {
		return c.api.Repositories.Get(ctx, owner, name)
	})
	if err != nil {
		return Repository{}, err
	}

	may := r.GetPermissions()

	return Repository{
		FullName:      r.GetFullName(),
		NodeID:        r.GetNodeID(),
		DefaultBranch: r.GetDefaultBranch(),
		Archived:      r.GetArchived(),
		Issues:        r.GetHasIssues(),
		CloneURL:      r.GetCloneURL(),
		HTMLURL:       r.GetHTMLURL(),
		Permissions:   Permissions{Pull: may["pull"], Push: may["push"], Admin: may["admin"]},
		Methods:       methods(r),
	}, nil
}

func methods(r *github.Repository) []Method {
	var allowed []Method

	for _, m := range []struct {
		method Method
		may    bool
	}{{MergeCommit, r.GetAllowMergeCommit()}, {Squash, r.GetAllowSquashMerge()}, {Rebase, r.GetAllowRebaseMerge()}} {
		if m.may {
			allowed = append(allowed, m.method)
		}
	}

	return allowed
}
