package githubtest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Issue is what became of an issue, for a test to look at.
type Issue struct {
	Number             int
	Title, Body, State string
	Author             string
	Labels             []string
	Comments           []Comment
}

// Issues are the issues of the repository that are no pull requests, by number.
func (h Hands) Issues() []Issue {
	issues := []Issue{}

	_ = h.do(0, func(r *repository, _ *issue) error { // a repository that is not there has none
		for _, i := range r.all() {
			if i.pull != nil {
				continue
			}

			one := Issue{Number: i.number, Title: i.title, Body: i.body, State: i.state(), Author: i.author, Comments: i.said()}
			for _, l := range i.labels {
				one.Labels = append(one.Labels, l.name)
			}

			issues = append(issues, one)
		}

		return nil
	})
	slices.Reverse(issues)

	return issues
}

// OpenIssue opens an issue as login.
func (h Hands) OpenIssue(login, title, body string) (number int, err error) {
	err = h.do(0, func(r *repository, _ *issue) error {
		number = h.s.newIssue(r, title, body, login).number

		return nil
	})

	return number, err
}

// Lock locks a conversation.
func (h Hands) Lock(number int) error {
	return h.do(number, func(_ *repository, i *issue) error {
		i.locked = true

		return nil
	})
}

// Transfer moves an issue to another repository of the same owner, where it is
// number 1.
func (h Hands) Transfer(number int, to string) error {
	return h.do(number, func(r *repository, i *issue) error {
		target := h.s.newRepository(Repository{Name: to, DefaultBranch: "main"})
		h.s.repos[strings.ToLower(to)] = target

		delete(r.issues, number)

		target.last, i.number = 1, 1
		target.issues[1] = i
		r.moved[number] = to + "/issues/1"

		return nil
	})
}

// transferred leads on to where an issue is now.
func (c *call) transferred() bool {
	for number, to := range c.repo.moved {
		if c.r.PathValue("number") != fmt.Sprint(number) {
			continue
		}

		c.ok(http.StatusMovedPermanently, object{"message": "Moved Permanently", "url": c.api + "/repos/" + to, "documentation_url": "https://docs.github.com/rest"})
		c.answer.header.Set("Location", c.api+"/repos/"+to)

		return true
	}

	return false
}

// EditComment changes the last comment that login made on number.
func (h Hands) EditComment(number int, login, body string) error {
	return h.last(number, login, func(i *issue, n int) {
		i.comments[n].body, i.comments[n].updated = body, h.s.time()
	})
}

// DeleteComment deletes the last comment that login made on number.
func (h Hands) DeleteComment(number int, login string) error {
	return h.last(number, login, func(i *issue, n int) { i.comments = slices.Delete(i.comments, n, n+1) })
}

func (h Hands) last(number int, login string, f func(*issue, int)) error {
	return h.do(number, func(_ *repository, i *issue) error {
		for n, c := range slices.Backward(i.comments) {
			if c.author == login {
				f(i, n)

				return nil
			}
		}

		return fmt.Errorf("githubtest: %s said nothing on #%d", login, number)
	})
}

// Reviewed are the check runs and statuses of a commit.
func (h Hands) Reviewed(sha string) []Check {
	var found []Check

	_ = h.do(0, func(r *repository, _ *issue) error { // a commit that is not there has none
		found = slices.Clone(r.checks[sha])

		return nil
	})

	return found
}
