package upstream

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5"
)

// DefaultSpec is the repository that is read when nobody names another.
const DefaultSpec = "https://github.com/glitch-soc/mastodon"

// Options of Open.
type Options struct {
	// Client speaks to remote sources. Default: http.DefaultClient.
	Client *http.Client
}

// Open finds out what kind of source spec names: an http(s) URL of a git repository or of a tarball (.tar, .tar.gz,
// .tgz), a bare or working git repository, a tarball, or a folder with a source tree. file:// URLs are paths. A working
// repository is read by its commits; changes that are not committed do not count. Default: DefaultSpec.
func Open(spec string, o Options) (Source, error) {
	if o.Client == nil {
		o.Client = http.DefaultClient
	}
	if spec == "" {
		spec = DefaultSpec
	}
	if u, err := url.Parse(spec); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		return openURL(u, safely(o.Client))
	}
	return openPath(strings.TrimPrefix(spec, "file://"))
}

func openURL(u *url.URL, client *http.Client) (Source, error) {
	if u.Host == "" {
		return nil, fmt.Errorf("%s has no host", u.Redacted())
	}
	if isTarball(u.Path) {
		return &tarball{name: u.Redacted(), open: func(ctx context.Context) (io.ReadCloser, error) {
			return download(ctx, client, u)
		}}, nil
	}
	return openRemote(u.Redacted(), u.String(), client)
}

func isTarball(name string) bool {
	return strings.HasSuffix(name, ".tar") || strings.HasSuffix(name, ".tar.gz") || strings.HasSuffix(name, ".tgz")
}

func download(ctx context.Context, client *http.Client, u *url.URL) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", u.Redacted(), err)
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", u.Redacted(), redacted(err))
	}
	if res.StatusCode != http.StatusOK {
		return nil, errors.Join(fmt.Errorf("%s answers %s", u.Redacted(), res.Status), res.Body.Close())
	}
	return res.Body, nil
}

// redacted drops the URL that net/http puts into its errors, user and password included.
func redacted(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

func openPath(name string) (Source, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("no source at %s: %w", name, err)
	}
	if !info.IsDir() {
		return fileTarball(name), nil
	}
	repo, err := openRepository(name)
	if err == nil {
		return repo, nil
	}
	if !errors.Is(err, git.ErrRepositoryNotExists) {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(name, filepath.FromSlash(versionFile))); err != nil {
		return nil, fmt.Errorf("%s is neither a git repository nor a source tree of Mastodon: it has no %s", name, versionFile)
	}
	return FS(name, os.DirFS(name)), nil
}
