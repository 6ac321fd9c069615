package githubtest

import (
	"fmt"
	"slices"
	"strings"
)

// Hands are what people do to one repository, without a request.
type Hands struct {
	s    *Server
	name string
}

// In are the hands on the repository "owner/name".
func (s *Server) In(repo string) Hands { return Hands{s, repo} }

// do runs f on the repository and the issue or pull request number, which is
// nil for 0.
func (h Hands) do(number int, f func(*repository, *issue) error) error {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()

	r := h.s.repos[strings.ToLower(h.name)]
	if r == nil {
		return fmt.Errorf("githubtest: no repository %s", h.name)
	}

	h.s.sync()

	i := r.issues[number]
	if i == nil && number != 0 {
		return fmt.Errorf("githubtest: no #%d in %s", number, h.name)
	}

	return f(r, i)
}

// Merge merges a pull request by method ("merge", "squash" or "rebase") as login.
func (h Hands) Merge(number int, method, login string) error {
	return h.do(number, func(r *repository, i *issue) error {
		if i.pull == nil || i.closed {
			return fmt.Errorf("githubtest: #%d is no open pull request", number)
		}

		return h.s.merge(r, i, method, login)
	})
}

// ClosePR closes a pull request, or an issue, as login.
func (h Hands) ClosePR(number int, login string) error {
	return h.do(number, func(_ *repository, i *issue) error {
		h.s.close(i, login)

		return nil
	})
}

// Reopen opens it again as login, where GitHub shows a button for that.
func (h Hands) Reopen(number int, login string) error {
	return h.do(number, func(r *repository, i *issue) error {
		if i.pull != nil && i.closed {
			if why := h.s.final(r, i); why != "" {
				return fmt.Errorf("githubtest: #%d cannot be opened again: %s", number, why)
			}
		}

		h.s.reopen(i, login)

		return nil
	})
}

// AddLabel labels it as login.
func (h Hands) AddLabel(number int, name, login string) error {
	return h.do(number, func(r *repository, i *issue) error {
		h.s.addLabel(r, i, name, login)

		return nil
	})
}

// RemoveLabel takes a label away as login.
func (h Hands) RemoveLabel(number int, name, login string) error {
	return h.do(number, func(r *repository, i *issue) error {
		l := h.s.label(r, name)
		i.labels = slices.DeleteFunc(i.labels, func(other *label) bool { return other == l })
		h.s.record(i, "unlabeled", login).label = l

		return nil
	})
}

// CommentAs says body as login.
func (h Hands) CommentAs(number int, login, body string) error {
	return h.do(number, func(_ *repository, i *issue) error {
		h.s.comment(i, login, body)

		return nil
	})
}

// Edit changes title and body as a person does in a browser, which sends body
// with CRLF line ends. An empty title or body stays as it is.
func (h Hands) Edit(number int, title, body string) error {
	return h.do(number, func(_ *repository, i *issue) error {
		if title != "" {
			i.title = title
		}

		if body != "" {
			i.body = strings.ReplaceAll(strings.ReplaceAll(body, "\r\n", "\n"), "\n", "\r\n")
		}

		i.updated = h.s.time()

		return nil
	})
}

// Review answers a requested review as login, who is then no longer asked.
func (h Hands) Review(number int, login string) error { return h.Judge(number, login, "APPROVED") }

// Judge reviews as login, asked or not: "APPROVED" or "CHANGES_REQUESTED".
func (h Hands) Judge(number int, login, state string) error {
	return h.do(number, func(r *repository, i *issue) error {
		if i.pull == nil {
			return fmt.Errorf("githubtest: #%d is no pull request", number)
		}

		i.pull.reviewers = slices.DeleteFunc(i.pull.reviewers, func(other string) bool { return strings.EqualFold(other, login) })
		i.pull.reviews = append(i.pull.reviews, &review{id: h.s.id(), author: login, state: state, commit: i.pull.head.SHA, at: h.s.time()})
		h.s.user(login)

		return h.s.autoMerge(r)
	})
}

// Check lets a check report on the head of a branch: as a check run with the
// conclusion "success", "failure" … or, for "pending", without one.
func (h Hands) Check(branch string, check Check) error {
	return h.do(0, func(r *repository, _ *issue) error {
		sha, ok := h.s.git.Branch(r.Name, branch)
		if !ok {
			return fmt.Errorf("githubtest: no branch %s in %s", branch, h.name)
		}

		check.id, check.at = h.s.id(), h.s.time()
		r.checks[sha] = append(slices.DeleteFunc(r.checks[sha], func(c Check) bool { return c.Name == check.Name }), check)

		return h.s.autoMerge(r)
	})
}

// Draft makes a pull request a draft as login.
func (h Hands) Draft(number int, login string) error {
	return h.do(number, func(_ *repository, i *issue) error {
		if i.pull == nil {
			return fmt.Errorf("githubtest: #%d is no pull request", number)
		}

		i.pull.draft = true
		h.s.record(i, "convert_to_draft", login)

		return nil
	})
}

// Protect sets the rules of a branch.
func (h Hands) Protect(branch string, rules Protection) error {
	return h.do(0, func(r *repository, _ *issue) error {
		r.rules[branch] = rules

		return nil
	})
}

// OpenPR opens a pull request as login. head is a branch of the repository or,
// as "owner:branch", of a fork of that owner.
func (h Hands) OpenPR(login, head, base, title, body string) (number int, err error) {
	err = h.do(0, func(r *repository, _ *issue) error {
		p := &pull{from: r, head: Ref{Ref: head}, base: Ref{Ref: base}}
		p.base.SHA, _ = h.s.git.Branch(r.Name, base)
		p.head.SHA, _ = h.s.git.Branch(r.Name, head)

		if owner, branch, fork := strings.Cut(head, ":"); fork {
			_, name, _ := strings.Cut(r.Name, "/")
			p.head = Ref{branch, strings.Repeat("f", 40)}

			if sha, ok := h.s.git.Branch(r.Name, forkRef(owner, branch)); ok {
				p.head.SHA = sha
			}

			p.from = h.s.newRepository(Repository{Name: owner + "/" + name, DefaultBranch: r.DefaultBranch})
			p.from.forkOf = r
		}

		i := h.s.newIssue(r, title, body, login)
		i.pull, number = p, i.number

		return h.s.refer(r, i)
	})

	return number, err
}
