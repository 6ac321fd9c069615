package githubtest

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
)

// Protection is the rules of a branch that merging into it has to meet.
type Protection struct {
	// Checks that have to have passed.
	Checks []string
	// Reviews is how many approvals it takes.
	Reviews int
	// Signatures: every commit has to be signed, and the program's are not.
	Signatures bool
}

// merge does the work of the button.
func (s *Server) merge(r *repository, i *issue, method, login string) error {
	sha, err := s.git.Merge(r.Name, i.pull.base.Ref, i.pull.head.Ref, method)
	if err != nil {
		return err
	}

	i.pull.merged, i.pull.mergedBy, i.pull.merge = s.time(), login, sha
	s.record(i, "merged", login)
	s.close(i, login)

	return nil
}

func (c *call) mergePull() {
	var asked struct {
		SHA     string `json:"sha"`
		Method  string `json:"merge_method"`
		Message string `json:"commit_message"`
		Title   string `json:"commit_title"`
	}

	i := c.pull()
	if i == nil || !c.decode(&asked) {
		return
	}

	method := cmp.Or(asked.Method, "merge")

	switch refusal := c.repo.unmergeable(i, method); {
	case refusal != "":
		c.fail(http.StatusMethodNotAllowed, refusal)
	case asked.SHA != "" && asked.SHA != i.pull.head.SHA:
		c.fail(http.StatusConflict, "Head branch was modified. Review and try the merge again.")
	case c.s.merge(c.repo, i, method, c.token.Login) != nil:
		c.fail(http.StatusMethodNotAllowed, "Pull Request is not mergeable")
	default:
		c.ok(http.StatusOK, object{"sha": i.pull.merge, "merged": true, "message": "Pull Request successfully merged"})
	}
}

// unmergeable is GitHub's word for why a pull request cannot be merged.
func (r *repository) unmergeable(i *issue, method string) string {
	rules := r.rules[i.pull.base.Ref]

	switch {
	case i.closed:
		return "Pull Request is not mergeable"
	case i.pull.draft:
		return "Pull Request is still a draft"
	case !contains(r.Methods, method):
		return map[string]string{
			"merge": "Merge commits are not allowed on this repository.", "squash": "Squash merges are not allowed on this repository.",
			"rebase": "Rebase merges are not allowed on this repository.",
		}[method]
	case rules.Signatures:
		return "Commits must have verified signatures."
	case i.approvals() < rules.Reviews:
		return fmt.Sprintf("At least %d approving review is required by reviewers with write access.", rules.Reviews)
	}

	for _, name := range rules.Checks {
		passed := slices.ContainsFunc(r.checks[i.pull.head.SHA], func(check Check) bool {
			return check.Name == name && check.Conclusion == "success"
		})
		if !passed {
			return fmt.Sprintf("Required status check %q is expected.", name)
		}
	}

	return ""
}

func (i *issue) approvals() int {
	n := 0

	for _, r := range i.pull.reviews {
		if r.state == "APPROVED" {
			n++
		}
	}

	return n
}
