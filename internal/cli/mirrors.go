package cli

import (
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
)

// fewRepositories is how many are kept in memory. Beyond it their copies are
// bare mirrors on disk: a thousand in memory would take some gigabytes.
const fewRepositories = 16

// mirrors is the folder for copies of repositories; "" keeps them in memory.
type mirrors struct{ dir string }

// newMirrors decides where copies are kept. A folder that cannot be written to
// is said and done without.
func newMirrors(configured, otherwise string, many bool, log *slog.Logger) mirrors {
	if configured == "" && !many {
		return mirrors{}
	}

	dir := configured
	if dir == "" {
		dir = otherwise
	}

	if dir == "" {
		log.Warn("copies of many repositories are kept in memory: there is no cache folder; say one with cache: in the operator's file")

		return mirrors{}
	}

	if err := writable(dir); err != nil {
		log.Warn("copies of repositories are kept in memory: the cache folder cannot be written to", "cache", dir, "error", err)

		return mirrors{}
	}

	return mirrors{dir}
}

func writable(dir string) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}

	probe, err := os.CreateTemp(dir, "probe-*")
	if err != nil {
		return err
	}

	_ = probe.Close() // nothing was written

	return os.Remove(probe.Name())
}

// of is the folder of one repository.
func (m mirrors) of(cloneURL string) string {
	if m.dir == "" {
		return ""
	}

	if u, err := url.Parse(cloneURL); err == nil {
		cloneURL = u.Host + u.Path // no user, no password
	}

	return filepath.Join(m.dir, url.PathEscape(cloneURL))
}
