package githubtest

import (
	"crypto/rsa"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v4"
)

// App is a GitHub App.
type App struct {
	ID   int64
	Slug string
	// Key is what its signatures are verified with.
	Key *rsa.PublicKey
	// Permissions are those that every installation grants.
	Permissions Permissions
	// TokenLife is how long its tokens are good for. Default: an hour, as GitHub's.
	TokenLife time.Duration
}

// installation is an App on an account.
type installation struct {
	app       *App
	id        int64
	account   string
	names     []string
	suspended time.Time
	budget    *budget
	issued    int
}

// AddApp makes an App known. There may be one.
func (s *Server) AddApp(a App) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.app = &a
	s.user(a.Slug + "[bot]")
}

// Install puts the App on an account, for those of its repositories that are
// named; it takes the place of an installation that is there.
func (s *Server) Install(account string, repositories ...string) (id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.user(account)
	i := &installation{app: s.app, id: s.id(), account: account, names: repositories, budget: &budget{}}
	s.installed[strings.ToLower(account)] = i

	return i.id
}

// Suspend stops an installation, or lets it go on.
func (s *Server) Suspend(account string, suspended bool) {
	s.mu.Lock()
	defer s.mu.Unlock()

	i := s.installed[strings.ToLower(account)]
	i.suspended = time.Time{}

	if suspended {
		i.suspended = s.time()
	}
}

// Uninstall takes the App off an account; its tokens are worth nothing then.
func (s *Server) Uninstall(account string) {
	s.mu.Lock()
	defer s.mu.Unlock()

	i := s.installed[strings.ToLower(account)]
	delete(s.installed, strings.ToLower(account))
	maps.DeleteFunc(s.tokens, func(_ string, t *token) bool { return t.by == i })
}

// Drain leaves an installation with so many requests until its limit resets
// after wait.
func (s *Server) Drain(account string, left int, wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()

	b := s.installed[strings.ToLower(account)].budget
	b.used, b.reset = s.limit-left, s.time().Add(wait)
}

// signed tells whether a credential is the App's own signature.
func (c *call) signed(credential string) bool {
	if c.s.app == nil || strings.Count(credential, ".") != 2 {
		return false
	}

	var claims jwt.RegisteredClaims

	_, err := jwt.ParseWithClaims(credential, &claims, func(*jwt.Token) (any, error) { return c.s.app.Key, nil }, jwt.WithValidMethods([]string{"RS256"}))

	return err == nil && claims.Issuer == strconv.FormatInt(c.s.app.ID, 10)
}

// asApp answers a call that only the App itself may make.
func (c *call) asApp() bool {
	if !c.byApp {
		c.fail(http.StatusUnauthorized, "A JSON web token could not be decoded")
	}

	return c.byApp
}

func (c *call) listInstallations() {
	if !c.asApp() {
		return
	}

	all := slices.SortedFunc(maps.Values(c.s.installed), func(a, b *installation) int { return int(a.id - b.id) })
	page(c, all, c.installationShape)
}

func (c *call) getInstallation() {
	if i := c.installationByID(); i != nil {
		c.ok(http.StatusOK, c.installationShape(i))
	}
}

func (c *call) findInstallation() {
	if !c.asApp() {
		return
	}

	name := c.r.PathValue("owner") + "/" + c.r.PathValue("name")

	i := c.s.installed[strings.ToLower(c.r.PathValue("owner"))]
	if i == nil || !contains(i.names, name) {
		c.missing()

		return
	}

	c.ok(http.StatusOK, c.installationShape(i))
}

func (c *call) installationByID() *installation {
	if !c.asApp() {
		return nil
	}

	for _, i := range c.s.installed {
		if strconv.FormatInt(i.id, 10) == c.r.PathValue("id") {
			return i
		}
	}

	c.missing()

	return nil
}

func (c *call) createToken() {
	i := c.installationByID()

	switch {
	case i == nil:
		return
	case !i.suspended.IsZero():
		c.fail(http.StatusForbidden, "This installation has been suspended")

		return
	}

	i.issued++
	life := i.app.TokenLife

	if life == 0 {
		life = time.Hour
	}

	t := &token{budget: i.budget, by: i, Token: Token{
		Value: fmt.Sprintf("ghs_%d_%016d", i.id, i.issued), Login: i.app.Slug + "[bot]", Permissions: i.app.Permissions, Repositories: i.names, App: true,
	}}
	c.s.tokens[t.Value] = t

	c.ok(http.StatusCreated, object{
		"token": t.Value, "expires_at": time.Now().Add(life).UTC().Format(time.RFC3339), "permissions": c.s.app.Permissions.shape(), "repository_selection": "selected",
	})
}

func (c *call) listInstalled() {
	if c.token == nil || c.token.by == nil {
		c.fail(http.StatusForbidden, "You must authenticate with an installation access token in order to list repositories for an installation.")

		return
	}

	var found []*repository

	for _, name := range c.token.by.names {
		if r := c.s.repos[strings.ToLower(name)]; r != nil {
			found = append(found, r)
		}
	}

	pageIn(c, found, c.repoShape, func(items []object) any {
		return object{"total_count": len(found), "repositories": items, "repository_selection": "selected"}
	})
}

func (p Permissions) shape() object {
	out := object{}

	for name, access := range map[string]Access{
		"metadata": p.Metadata, "contents": p.Contents, "pull_requests": p.PullRequests, "issues": p.Issues, "checks": p.Checks, "statuses": p.Statuses,
	} {
		if access > None {
			out[name] = map[Access]string{Read: "read", Write: "write"}[access]
		}
	}

	return out
}

func (c *call) installationShape(i *installation) object {
	// GitHub's description wants an account to be a user and an enterprise in one.
	account := c.userShape(i.account)
	account["name"], account["slug"], account["created_at"], account["updated_at"] = i.account, i.account, stamp(c.s.time()), stamp(c.s.time())

	shape := object{
		"id": i.id, "app_id": i.app.ID, "app_slug": i.app.Slug, "target_id": account["id"], "target_type": "Organization", "account": account,
		"single_file_name": nil, "repository_selection": "selected", "events": []string{"push"}, "permissions": i.app.Permissions.shape(),
		"access_tokens_url": c.api + fmt.Sprintf("/app/installations/%d/access_tokens", i.id), "repositories_url": c.api + "/installation/repositories",
		"html_url":   c.html + fmt.Sprintf("/organizations/%s/settings/installations/%d", i.account, i.id),
		"created_at": stamp(c.s.time()), "updated_at": stamp(c.s.time()), "suspended_by": nil, "suspended_at": nil,
	}

	if !i.suspended.IsZero() {
		shape["suspended_at"] = stamp(i.suspended)
	}

	return shape
}
