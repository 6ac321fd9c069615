package githubtest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Access is what a token may do with a permission.
type Access int

// What a token may do.
const (
	None Access = iota
	Read
	Write
)

// Permissions are those of a fine-grained token on its repositories.
type Permissions struct{ Metadata, Contents, PullRequests, Issues, Checks, Statuses Access }

// Writer is what the program needs: it pushes, opens pull requests, comments.
func Writer() Permissions {
	return Permissions{Metadata: Read, Contents: Write, PullRequests: Write, Issues: Write, Checks: Write, Statuses: Write}
}

// Reader sees everything and changes nothing.
func Reader() Permissions {
	return Permissions{Metadata: Read, Contents: Read, PullRequests: Read, Issues: Read, Checks: Read, Statuses: Read}
}

func (p Permissions) access(name string) Access {
	return map[string]Access{
		"metadata": p.Metadata, "contents": p.Contents, "pull_requests": p.PullRequests, "issues": p.Issues,
		"checks": p.Checks, "statuses": p.Statuses,
	}[name]
}

// Token is a credential.
type Token struct {
	// Value is the secret itself.
	Value string
	// Login is whom it speaks for: a user, or for an App "<slug>[bot]".
	Login       string
	Permissions Permissions
	// Repositories are those it was made for. Default: all.
	Repositories []string
	// App makes it an installation token of a GitHub App.
	App bool
}

// token is a credential and what it has used of its rate limit.
type token struct {
	Token
	*budget

	by *installation // nil: nobody's
}

// budget is what was used of a rate limit, and when it is whole again. The
// tokens of an installation share one.
type budget struct {
	used  int
	reset time.Time
}

// AddToken makes a token known, and its user with it.
func (s *Server) AddToken(t Token) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.user(t.Login)
	s.tokens[t.Value] = &token{Token: t, budget: &budget{}}
}

// Revoke makes a token unknown.
func (s *Server) Revoke(value string) {
	s.mu.Lock()
	defer s.mu.Unlock()

	delete(s.tokens, value)
}

// Exhaust leaves a token without requests until its limit resets after wait.
func (s *Server) Exhaust(value string, wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.tokens[value].used, s.tokens[value].reset = s.limit, s.time().Add(wait)
}

// authenticate finds the token and its budget, or answers why not.
func (c *call) authenticate() bool {
	header := c.r.Header.Get("Authorization")
	if header == "" {
		return true
	}

	scheme, value, _ := strings.Cut(header, " ")
	known, ok := c.s.tokens[value]

	if !ok && c.signed(value) {
		c.byApp = true

		return true
	}

	if !ok || !strings.EqualFold(scheme, "Bearer") && !strings.EqualFold(scheme, "token") {
		c.fail(http.StatusUnauthorized, "Bad credentials")

		return false
	}

	c.token = known

	if now := c.s.time(); !now.Before(known.reset) {
		known.used, known.reset = 0, now.Add(time.Hour)
	}

	if known.used >= c.s.limit {
		c.fail(http.StatusForbidden, "API rate limit exceeded for user ID "+strconv.FormatInt(c.s.user(known.Login).id, 10)+".")
		c.rate()

		return false
	}

	return true
}

// count takes the request off the budget; one answered 304 costs nothing.
func (c *call) count() {
	if c.token == nil {
		return
	}

	if c.answer.status != http.StatusNotModified {
		c.token.used++
	}

	c.rate()
}

func (c *call) rate() {
	h := c.answer.header
	h.Set("X-Ratelimit-Limit", strconv.Itoa(c.s.limit))
	h.Set("X-Ratelimit-Remaining", strconv.Itoa(max(0, c.s.limit-c.token.used)))
	h.Set("X-Ratelimit-Used", strconv.Itoa(c.token.used))
	h.Set("X-Ratelimit-Reset", strconv.FormatInt(c.token.reset.Unix(), 10))
	h.Set("X-Ratelimit-Resource", "core")
}

// sees tells whether the repository exists for this call.
func (c *call) sees(r *repository) bool {
	switch {
	case r == nil:
		return false
	case !r.Private:
		return true
	}

	return c.token != nil && c.token.reaches(r) && c.token.Permissions.Metadata >= Read
}

func (t *token) reaches(r *repository) bool {
	return t.Repositories == nil || slices.ContainsFunc(t.Repositories, func(name string) bool {
		return strings.EqualFold(name, r.Name)
	})
}

// may tells whether the token has one of the permissions that the route
// accepts ("issues=write; pull_requests=write"), and answers if it has not.
func (c *call) may(accepts string) bool {
	if accepts == "" {
		return true
	}

	if c.token != nil {
		c.answer.header.Set("X-Accepted-Github-Permissions", accepts)
	}

	for set := range strings.SplitSeq(accepts, ";") {
		name, access, _ := strings.Cut(strings.TrimSpace(set), "=")
		if !c.applies(name, accepts) {
			continue
		}

		if c.has(name, access == "write") {
			return true
		}
	}

	c.refuse()

	return false
}

// applies tells whether a permission counts here: of what issues and pull
// requests share, a pull request takes that of pull requests alone, although
// the header names both.
func (c *call) applies(name, accepts string) bool {
	if i := c.issue(); i != nil && accepts == writeShared {
		return (i.pull != nil) == (name == "pull_requests")
	}

	return true
}

// refuse answers that a permission is missing.
func (c *call) refuse() {
	switch {
	case c.token == nil:
		c.fail(http.StatusUnauthorized, "Requires authentication")
	case c.token.App:
		c.fail(http.StatusForbidden, "Resource not accessible by integration")
	default:
		c.fail(http.StatusForbidden, "Resource not accessible by personal access token")
	}
}

func (c *call) has(permission string, write bool) bool {
	if !write && (c.repo == nil || !c.repo.Private) {
		return true
	}

	need := Read
	if write {
		need = Write
	}

	return c.token != nil && (c.repo == nil || c.token.reaches(c.repo)) && c.token.Permissions.access(permission) >= need
}
