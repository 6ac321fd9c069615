package upstream

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/pkg/version"
)

// folder is a source tree without git.
type folder struct {
	name string
	fsys fs.FS
}

// FS is the source of one release in a file system; name is what errors call it.
func FS(name string, fsys fs.FS) Source { return &folder{name, fsys} }

func (f *folder) String() string { return f.name }

func (f *folder) Resolve(_ context.Context, v string) (Revision, error) {
	return singleRevision(v), nil
}

// singleRevision is the revision of a source that holds one release only.
func singleRevision(v string) Revision {
	if v == "" || plumbing.IsHash(v) {
		return Revision{Commit: v}
	}
	return Revision{Version: version.Parse(v).String()}
}

func (f *folder) Load(ctx context.Context, rev Revision, w Wanted) (*Tree, error) {
	out := &Tree{Files: map[string]File{}}
	err := fs.WalkDir(f.fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case d.IsDir() && name != "." && !w.Folder(name):
			return fs.SkipDir
		case d.IsDir() || !d.Type().IsRegular() || !w.File(name):
			return nil
		}
		data, err := fs.ReadFile(f.fsys, name)
		if err != nil {
			return err
		}
		return out.put(name, string(data), plumbing.ComputeHash(plumbing.BlobObject, data).String())
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	return out, out.holds(f.name, rev)
}

// holds fails when a source of one release holds another than the one asked for.
func (t *Tree) holds(name string, rev Revision) error {
	if rev.Commit != "" && t.Commit != "" && rev.Commit != t.Commit {
		return &NotFoundError{name, rev.Commit}
	}
	asked := version.Parse(rev.Version)
	if asked.Kind() != version.Release && asked.Kind() != version.Prerelease {
		return nil
	}
	own, err := t.version()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if !version.Parse(own).Equal(asked) {
		return &NotFoundError{name + " (which holds " + own + ")", rev.Version}
	}
	return nil
}

const versionFile = "lib/mastodon/version.rb"

var versionPart = lazyre.New(`def (major|minor|patch|default_prerelease)\s+['"]?([A-Za-z0-9.-]*)['"]?\s`)

// version is what the version file says, canonical.
func (t *Tree) version() (string, error) {
	parts := map[string]string{}
	for _, m := range versionPart.FindAllStringSubmatch(t.Files[versionFile].Text, -1) {
		parts[m[1]] = m[2]
	}
	out := "v" + parts["major"] + "." + parts["minor"] + "." + parts["patch"]
	if pre := parts["default_prerelease"]; pre != "" {
		out += "-" + pre
	}
	if parts["major"] == "" || parts["minor"] == "" || parts["patch"] == "" {
		return "", fmt.Errorf("%s states no version", versionFile)
	}
	return version.Parse(out).String(), nil
}
