package githubtest

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Repository is a repository as it is set up.
type Repository struct {
	// Name is "owner/name".
	Name string
	// DefaultBranch is "main" by default.
	DefaultBranch string
	Private       bool
	Archived      bool
	// NoDrafts: the plan of its owner has no draft pull requests.
	NoDrafts bool
	// CloneURL is where git finds it. Default: beside the API.
	CloneURL string
	// Collaborators may be asked for reviews and assigned, as may the owner.
	Collaborators []string
	// Readers are collaborators who may not write.
	Readers []string
	// NoIssues: the repository has no issues, only pull requests.
	NoIssues bool
	// Teams of the owner that may be asked for reviews, by slug.
	Teams []string
	// Methods of merging that are allowed. Default: merge, squash, rebase.
	Methods []string
	// AutoMerge lets pull requests be merged by GitHub itself.
	AutoMerge bool
}

type repository struct {
	Repository

	id      int64
	created time.Time
	last    int // the number of the newest issue or pull request
	issues  map[int]*issue
	labels  []*label
	forkOf  *repository
	checks  map[string][]Check    // by commit
	moved   map[int]string        // where issues were transferred to, by number
	rules   map[string]Protection // by branch
}

type user struct {
	login string
	id    int64
	bot   bool
}

type label struct {
	id          int64
	name, color string
}

// AddRepository makes a repository known, or changes the one of that name.
func (s *Server) AddRepository(r Repository) {
	s.mu.Lock()
	defer s.mu.Unlock()

	r.DefaultBranch = cmp.Or(r.DefaultBranch, "main")
	if r.Methods == nil {
		r.Methods = []string{"merge", "squash", "rebase"}
	}

	key := strings.ToLower(r.Name)

	if known, ok := s.repos[key]; ok {
		known.Repository = r

		return
	}

	s.repos[key] = s.newRepository(r)
	s.user(strings.Split(r.Name, "/")[0])

	for _, login := range r.Collaborators {
		s.user(login)
	}
}

func (s *Server) newRepository(r Repository) *repository {
	return &repository{Repository: r, id: s.id(), created: s.time(), issues: map[int]*issue{}, checks: map[string][]Check{}, rules: map[string]Protection{}, moved: map[int]string{}}
}

// Rename gives a repository another name; the old one leads there.
func (s *Server) Rename(from, to string) {
	s.mu.Lock()
	defer s.mu.Unlock()

	r := s.repos[strings.ToLower(from)]
	r.Name = to
	s.repos[strings.ToLower(to)] = r
}

// user is the account of that login, which exists from its first mention.
func (s *Server) user(login string) *user {
	key := strings.ToLower(login)
	if s.users[key] == nil {
		s.users[key] = &user{login: login, id: s.id(), bot: strings.HasSuffix(login, "[bot]")}
	}

	return s.users[key]
}

func (r *repository) owner() string {
	owner, _, _ := strings.Cut(r.Name, "/")

	return owner
}

// knows tells whether login may be asked for a review or assigned.
func (r *repository) knows(login string) bool {
	return strings.EqualFold(login, r.owner()) || contains(r.Collaborators, login)
}

// label is the label of that name, made if there is none, as GitHub does.
func (s *Server) label(r *repository, name string) *label {
	for _, known := range r.labels {
		if strings.EqualFold(known.name, name) {
			return known
		}
	}

	r.labels = append(r.labels, &label{id: s.id(), name: name, color: "ededed"})

	return r.labels[len(r.labels)-1]
}

// contains compares as GitHub compares logins, labels and slugs.
func contains(list []string, name string) bool {
	return slices.ContainsFunc(list, func(other string) bool { return strings.EqualFold(other, name) })
}
