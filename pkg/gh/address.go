package gh

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/goingdark-social/bot/internal/lazyre"
)

// apiURL is where the REST API of the GitHub at base is; it ends in a slash.
// No part of base is repeated in an error, since people put tokens there.
func apiURL(base string) (*url.URL, error) {
	if base == "" {
		base = "https://api.github.com"
	}

	u, err := url.Parse(base)
	if err != nil {
		return nil, errors.New("github: the base URL is not a URL")
	}

	switch {
	case u.User != nil:
		return nil, errors.New("github: the base URL must carry no credentials; give the token by reference")
	case u.Host == "" || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("github: the base URL must look like https://ghes.example.com/")
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())):
		return nil, fmt.Errorf("github: the base URL must be https (host %s); http is for loopback only", u.Hostname())
	}

	return &url.URL{Scheme: u.Scheme, Host: apiHost(u), Path: apiPath(u)}, nil
}

// apiHost adds the "api." that github.com and ghe.com tenants answer on.
func apiHost(u *url.URL) string {
	host := strings.ToLower(u.Host)

	switch {
	case host == "github.com" || host == "www.github.com":
		return "api.github.com"
	case strings.HasSuffix(host, ".ghe.com") && !strings.HasPrefix(host, "api."):
		return "api." + host
	}

	return host
}

// apiPath is "/" where the API has a host of its own, else /api/v3/.
func apiPath(u *url.URL) string {
	host := apiHost(u)
	if host == "api.github.com" || strings.HasPrefix(host, "api.") && strings.HasSuffix(host, ".ghe.com") {
		return "/"
	}

	path := strings.TrimRight(u.Path, "/")
	path = strings.TrimSuffix(path, "/api/v3")

	return path + "/api/v3/"
}

func loopback(host string) bool {
	ip := net.ParseIP(host)

	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// repoName is what GitHub admits, which keeps a name from becoming a path.
var repoName = lazyre.New(`^[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9._-]+$`)

// split parts "owner/name".
func split(repo string) (owner, name string, err error) {
	owner, name, _ = strings.Cut(repo, "/")
	if !repoName.MatchString(repo) || strings.Trim(name, ".") == "" {
		return "", "", fmt.Errorf("github: %w, not %q", errNoRepo, repo)
	}

	return owner, name, nil
}
