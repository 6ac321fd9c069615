package gh

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/go-github/v62/github"
)

// Carries tells whether a repository has a file at the head of a branch; branch
// is "" for its default branch. One that has not changed costs a conditional
// request.
func (c *Client) Carries(ctx context.Context, fullName, branch, path string) (bool, error) {
	owner, name, err := split(fullName)
	if err != nil {
		return false, err
	}

	o := operation{"look for " + path, fullName, "contents: read"}

	_, _, err = call(ctx, c, o, func(ctx context.Context) (*github.RepositoryContent, *github.Response, error) {
		file, _, resp, err := c.api.Repositories.GetContents(ctx, owner, name, path, &github.RepositoryContentGetOptions{Ref: branch})

		return file, resp, err
	})

	if missing, ok := errors.AsType[*Error](err); ok && missing.Status == http.StatusNotFound {
		return false, nil
	}

	return err == nil, err
}
