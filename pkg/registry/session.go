package registry

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// session is one repository with a token for it. go-containerregistry renews the token when the registry says that it has run out.
type session struct {
	image string
	repo  name.Repository
	here  *http.Client // follows redirects on the registry's host only
	away  *http.Client // follows them to a storage host as well: what comes from there is checked by its digest
}

type answer struct {
	status int
	header http.Header
	body   []byte
	url    *url.URL
}

// session signs in once for a repository.
func (c *core) session(ctx context.Context, image string) (*session, error) {
	done, err := c.signIn.take(ctx, image)
	if err != nil {
		return nil, err
	}
	defer done()

	if s, ok := c.sessions.get(image); ok {
		return s, nil
	}

	repo, err := c.repository(image)
	if err != nil {
		return nil, err
	}

	who, err := c.authenticator(ctx, repo)
	if err != nil {
		return nil, err
	}

	base := transport.NewUserAgent(c.wire, c.opts.UserAgent)
	signed, err := transport.NewWithContext(ctx, repo.Registry, who, base, []string{repo.Scope(transport.PullScope)})
	if err != nil {
		return nil, noRegistry(repo, err)
	}

	s := &session{
		image: image,
		repo:  repo,
		here:  &http.Client{Transport: signed, CheckRedirect: sameHost},
		away:  &http.Client{Transport: signed, CheckRedirect: fewHops},
	}
	c.sessions.put(image, s)

	return s, nil
}

// noRegistry keeps a 404 at the front door from being read as a missing image.
func noRegistry(repo name.Repository, err error) error {
	if answer, ok := errors.AsType[*transport.Error](err); ok && answer.StatusCode == http.StatusNotFound {
		return refused("%s does not answer as a registry", repo.RegistryStr())
	}

	if _, ok := errors.AsType[*json.SyntaxError](err); ok {
		return broken("%s answers a request for a token with something that is no JSON", repo.RegistryStr())
	}

	return err
}

func (c *core) repository(image string) (name.Repository, error) {
	repo, err := name.NewRepository(image)
	if err == nil && c.wire.plain[repo.RegistryStr()] {
		repo, err = name.NewRepository(image, name.Insecure)
	}

	if err != nil || strings.Contains(image, "//") { // "https:" would pass for a host
		return repo, refused("%q is no image name: write for example ghcr.io/glitch-soc/mastodon, without a tag", shown(image))
	}

	return repo, nil
}

func sameHost(r *http.Request, via []*http.Request) error {
	if r.URL.Host != via[0].URL.Host {
		return refused("refusing a redirect to another host, %s", r.URL.Host)
	}

	return fewHops(r, via)
}

func fewHops(_ *http.Request, via []*http.Request) error {
	if len(via) > 5 {
		return broken("the registry redirects in circles")
	}

	return nil
}

// at is the URL of a path below the repository. The scheme is set by what the registry answered to first.
func (s *session) at(path string) string {
	return "https://" + s.repo.RegistryStr() + "/v2/" + s.repo.RepositoryStr() + path
}

// do sends one request and wants status 200, or 304 where header asks for it.
func (c *core) do(ctx context.Context, s *session, client *http.Client, method, target string, header http.Header) (*answer, error) {
	r, err := http.NewRequestWithContext(ctx, method, target, nil)
	if err != nil {
		return nil, refused("a URL that can't be used")
	}

	maps.Copy(r.Header, header)

	resp, err := client.Do(r)
	if err != nil {
		return nil, err
	}

	defer resp.Body.Close()

	body, err := io.ReadAll(resp.Body) // in memory and capped already
	if err != nil {
		return nil, err
	}

	if resp.StatusCode == http.StatusOK || resp.StatusCode == http.StatusNotModified && header.Get("If-None-Match") != "" {
		return &answer{status: resp.StatusCode, header: resp.Header, body: body, url: resp.Request.URL}, nil
	}

	if resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden {
		c.sessions.drop(s.image) // the next question signs in anew: rights or credentials may have changed
	}

	return nil, judged(resp.StatusCode, resp.Header, body, c.opts.Now())
}
