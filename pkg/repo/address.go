package repo

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/transport"
)

// address is where a repository is, and apart from that the credentials that
// its URL carried. Everything but this type sees the clean URL alone.
type address struct {
	clean          string // without userinfo, fit for errors and logs
	endpoint       *transport.Endpoint
	ssh            bool
	plain          bool // http, not https
	loopback       bool
	user, password string
}

// parseAddress reads a URL. Its errors show nothing before the last @, for
// what does not parse may still hold a token.
func parseAddress(raw string) (address, error) {
	if raw == "" {
		return address{}, errors.New("no repository URL given")
	}

	shown := Redact(raw)

	if user, host, path, ok := scpLike(raw); ok {
		raw = "ssh://" + user + "@" + host + "/" + path
	}

	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" {
		return address{}, fmt.Errorf("repository URL %q: not a URL like https://host/owner/name or git@host:owner/name", shown)
	}

	if u.RawQuery != "" || u.Fragment != "" {
		return address{}, fmt.Errorf("repository URL %q: must end after the repository's name", shown)
	}

	a := address{user: u.User.Username()}
	a.password, _ = u.User.Password()

	if a.password == "" && u.Scheme != "ssh" {
		a.user, a.password = "", a.user // https://TOKEN@host, as forges suggest
	}

	switch u.Scheme {
	case "https":
	case "http":
		a.plain, a.loopback = true, isLoopback(u.Hostname())
	case "ssh":
		a.ssh = true
	default:
		return address{}, fmt.Errorf("repository URL %q: %s is not spoken here, only https, http and ssh", shown, u.Scheme)
	}

	return a.finish(u)
}

func (a address) finish(u *url.URL) (address, error) {
	u.User = nil
	a.clean = u.String()

	endpoint, err := transport.NewEndpoint(a.clean)
	if err != nil {
		return address{}, fmt.Errorf("repository URL %q: %w", a.clean, err)
	}

	a.endpoint = endpoint

	return a, nil
}

// scpLike splits git@host:owner/name.
func scpLike(raw string) (user, host, path string, ok bool) {
	if strings.Contains(raw, "://") {
		return "", "", "", false
	}

	before, path, found := strings.Cut(raw, ":")
	user, host, named := strings.Cut(before, "@")

	return user, host, strings.TrimPrefix(path, "/"), found && named && path != "" && user != "" && host != ""
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)

	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

// Redact is rawURL without user, password, query and fragment: what may be
// shown. It never fails, and of a text that is no URL it keeps only what
// stands behind the last @.
func Redact(rawURL string) string {
	rawURL, _, _ = strings.Cut(rawURL, "?")
	rawURL, _, _ = strings.Cut(rawURL, "#")

	scheme, rest, found := strings.Cut(rawURL, "://")
	if !found {
		scheme, rest = "", rawURL
	} else {
		scheme += "://"
	}

	return scheme + rest[strings.LastIndexByte(rest, '@')+1:]
}
