package githubtest

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"
)

func nodeID(kind string, id int64) string {
	return kind + "_" + base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%012d", id))
}

// stamp is a time as GitHub writes it, or null.
func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}

	return t.UTC().Format(time.RFC3339)
}

func (c *call) userShape(login string) object {
	u := c.s.user(login)
	url := c.api + "/users/" + u.login

	kind := "User"
	if u.bot {
		kind = "Bot"
	}

	shape := object{
		"login": u.login, "id": u.id, "node_id": nodeID("U", u.id), "gravatar_id": "", "type": kind,
		"user_view_type": "public", "site_admin": false, "url": url,
		"html_url":   c.html + "/" + strings.TrimSuffix(u.login, "[bot]"),
		"avatar_url": fmt.Sprintf("%s/avatars/u/%d?v=4", c.html, u.id),
	}

	for name, path := range map[string]string{
		"followers_url": "/followers", "following_url": "/following{/other_user}", "gists_url": "/gists{/gist_id}",
		"starred_url": "/starred{/owner}{/repo}", "subscriptions_url": "/subscriptions", "organizations_url": "/orgs",
		"repos_url": "/repos", "events_url": "/events{/privacy}", "received_events_url": "/received_events",
	} {
		shape[name] = url + path
	}

	return shape
}

// maybeUser is null for nobody.
func (c *call) maybeUser(login string) any {
	if login == "" {
		return nil
	}

	return c.userShape(login)
}

func (c *call) userShapes(logins []string) []object {
	shapes := []object{}
	for _, login := range logins {
		shapes = append(shapes, c.userShape(login))
	}

	return shapes
}

func (c *call) getUser() {
	switch {
	case c.token == nil:
		c.fail(http.StatusUnauthorized, "Requires authentication")

		return
	case c.token.App:
		c.fail(http.StatusForbidden, "Resource not accessible by integration")

		return
	}

	shape := c.userShape(c.token.Login)
	for _, name := range []string{"name", "company", "location", "email", "hireable", "bio", "twitter_username", "notification_email"} {
		shape[name] = nil
	}

	shape["blog"] = ""
	shape["public_repos"], shape["public_gists"], shape["followers"], shape["following"] = 0, 0, 0, 0
	shape["created_at"], shape["updated_at"] = "2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z"

	c.ok(http.StatusOK, shape)
}

func (c *call) getRateLimit() {
	rate := object{"limit": 60, "remaining": 60, "used": 0, "reset": c.s.time().Add(time.Hour).Unix()}

	if c.token != nil {
		rate = object{
			"limit": c.s.limit, "remaining": c.s.limit - c.token.used, "used": c.token.used,
			"reset": c.token.reset.Unix(), "resource": "core",
		}
		c.token.used-- // asking for it is free
	}

	search := object{"limit": 30, "remaining": 30, "used": 0, "reset": c.s.time().Add(time.Minute).Unix(), "resource": "search"}
	c.ok(http.StatusOK, object{"resources": object{"core": rate, "search": search}, "rate": rate})
}
