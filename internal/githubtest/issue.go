package githubtest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// issue is an issue, or a pull request if pull is set.
type issue struct {
	id          int64
	number      int
	title, body string
	author      string
	closed      bool
	closedBy    string
	labels      []*label
	assignees   []string
	comments    []*comment
	events      []*event
	locked      bool
	created     time.Time
	updated     time.Time
	closedAt    time.Time
	pull        *pull
}

type pull struct {
	head, base Ref
	// from is where the head branch is: the repository itself or a fork.
	from      *repository
	draft     bool
	reviewers []string
	teams     []string
	merged    time.Time
	mergedBy  string
	merge     string
	reviews   []*review
	auto      *autoMerge
}

// Ref is a branch and the commit it was last seen at.
type Ref struct{ Ref, SHA string }

type comment struct {
	id      int64
	issue   *issue
	author  string
	body    string
	created time.Time
	updated time.Time

	reactions []reaction
}

type event struct {
	id      int64
	kind    string
	actor   string
	at      time.Time
	label   *label
	subject string // whom it is about: an assignee, a reviewer
	team    string
}

func (s *Server) newIssue(r *repository, title, body, author string) *issue {
	r.last++
	now := s.time()
	i := &issue{
		id: s.id(), number: r.last, title: title, body: body, author: author,
		created: now, updated: now,
	}
	r.issues[i.number] = i
	s.user(author)

	return i
}

// all are the issues and pull requests, the newest first.
func (r *repository) all() []*issue {
	var all []*issue

	for number := r.last; number > 0; number-- {
		if i := r.issues[number]; i != nil {
			all = append(all, i)
		}
	}

	return all
}

func (i *issue) state() string {
	if i.closed {
		return "closed"
	}

	return "open"
}

// record adds an event, of which the caller fills what is particular.
func (s *Server) record(i *issue, kind, actor string) *event {
	e := &event{id: s.id(), kind: kind, actor: actor, at: s.time()}
	i.events = append(i.events, e)
	i.updated = e.at
	s.user(actor)

	return e
}

func (s *Server) close(i *issue, login string) {
	if i.closed {
		return
	}

	i.closed, i.closedBy, i.closedAt = true, login, s.time()
	s.record(i, "closed", login)
}

func (s *Server) reopen(i *issue, login string) {
	i.closed, i.closedBy, i.closedAt = false, "", time.Time{}
	s.record(i, "reopened", login)
}

func (s *Server) addLabel(r *repository, i *issue, name, login string) {
	l := s.label(r, name)
	if !slices.Contains(i.labels, l) {
		i.labels = append(i.labels, l)
		s.record(i, "labeled", login).label = l
	}
}

func (s *Server) comment(i *issue, login, body string) *comment {
	now := s.time()
	c := &comment{id: s.id(), issue: i, author: login, body: body, created: now, updated: now}
	i.comments = append(i.comments, c)
	i.updated = now
	s.user(login)

	return c
}

// sync lets open pull requests follow their branches, as GitHub does at a
// push: the head moves, and a pull request whose branch is gone is closed.
func (s *Server) sync() {
	for _, r := range s.repos {
		for _, i := range r.issues {
			if i.pull == nil || i.closed {
				continue
			}

			if i.pull.from != r {
				s.follow(r, i, forkRef(i.pull.from.owner(), i.pull.head.Ref))

				continue
			}

			if sha, ok := s.git.Branch(r.Name, i.pull.base.Ref); ok {
				i.pull.base.SHA = sha
			}

			if !s.follow(r, i, i.pull.head.Ref) {
				s.close(i, r.somebody(i.author))
			}
		}
	}
}

// follow lets a pull request's head move to where a branch is, if there is one.
func (s *Server) follow(r *repository, i *issue, branch string) bool {
	sha, ok := s.git.Branch(r.Name, branch)
	if ok && sha != i.pull.head.SHA {
		i.pull.head.SHA, i.updated = sha, s.time()

		return s.refer(r, i) == nil
	}

	return ok
}

// forkRef is where the git side keeps a branch of a fork, in the repository
// itself: forks share their objects.
func forkRef(owner, branch string) string { return "refs/forks/" + owner + "/" + branch }

// Referrer is a Git that keeps refs/pull/NUMBER/head, by which the head of a
// pull request is fetched wherever it comes from.
type Referrer interface {
	Refer(repo, ref, sha string) error
}

func (s *Server) refer(r *repository, i *issue) error {
	if git, ok := s.git.(Referrer); ok && i.pull.head.SHA != strings.Repeat("f", 40) && i.pull.head.SHA != "" {
		return git.Refer(r.Name, fmt.Sprintf("refs/pull/%d/head", i.number), i.pull.head.SHA)
	}

	return nil
}

// somebody is who deleted a branch with an open pull request, which git does
// not tell: the first collaborator who is not the author.
func (r *repository) somebody(author string) string {
	for _, login := range r.Collaborators {
		if !strings.EqualFold(login, author) {
			return login
		}
	}

	return author
}

// tooLong is GitHub's limit for text, in characters.
func tooLong(text string, limit int) bool { return len([]rune(text)) > limit }

const (
	maxBody  = 65_536
	maxTitle = 256
)

// textErrors are what GitHub has against a title and a body.
func textErrors(title, body *string) []object {
	var errors []object

	if title != nil && strings.TrimSpace(*title) == "" {
		errors = append(errors, object{"resource": "Issue", "code": "missing_field", "field": "title"})
	}

	if title != nil && tooLong(*title, maxTitle) {
		errors = append(errors, object{
			"resource": "Issue", "code": "custom", "field": "title", "message": "title is too long (maximum is 256 characters)",
		})
	}

	if body != nil && tooLong(*body, maxBody) {
		errors = append(errors, object{
			"resource": "Issue", "code": "custom", "field": "body", "message": "body is too long (maximum is 65536 characters)",
		})
	}

	return errors
}
