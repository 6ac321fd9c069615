package gh

import (
	"context"
	"fmt"
	"net/http"

	"github.com/google/go-github/v62/github"
)

// Viewer is who the token is of, as commits name it that GitHub makes.
type Viewer struct {
	Login string
	ID    int64
}

// Email is the address that GitHub gives to the viewer's commits.
func (v Viewer) Email() string { return fmt.Sprintf("%d+%s@users.noreply.github.com", v.ID, v.Login) }

const viewerQuery = `query { viewer { login databaseId } }`

// Viewer asks whose token it is. REST tells that of users alone, not of Apps.
func (c *Client) Viewer(ctx context.Context) (Viewer, error) {
	o := operation{"ask whose token it is", "", "metadata: read"}

	answer, _, err := call(ctx, c, o, func(ctx context.Context) (viewerAnswer, *github.Response, error) {
		var out viewerAnswer

		req, err := c.graphqlRequest(viewerQuery, nil)
		if err != nil {
			return out, nil, err
		}

		resp, err := c.api.Do(ctx, req, &out)
		if err == nil && len(out.Errors) > 0 {
			err = &Error{Status: http.StatusForbidden, Message: out.Errors[0].Message}
		}

		return out, resp, err
	})
	if err != nil {
		return Viewer{}, err
	}

	v := answer.Data.Viewer
	if v.Login == "" || v.ID == 0 {
		return Viewer{}, &Error{Op: o.op, Message: "GitHub does not say"}
	}

	return Viewer{Login: v.Login, ID: v.ID}, nil
}

type viewerAnswer struct {
	graphqlAnswer

	Data struct {
		Viewer struct {
			Login string `json:"login"`
			ID    int64  `json:"databaseId"`
		} `json:"viewer"`
	} `json:"data"`
}
