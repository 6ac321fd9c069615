package bot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/rival"
)

// Survey is what a tree tells to somebody who sees it for the first time.
type Survey struct {
	View *look.View
	// Inventories are the objects that an upgrade touches, by application.
	Inventories map[string]*inventory.Inventory
	// Rivals are the other updaters that the tree is set up for.
	Rivals []rival.Rival
	// Outlooks are what a pass would do; empty where no registry was asked, or
	// none answered.
	Outlooks []*Outlook
	// Unanswered is why there are no outlooks; "" where there are, or where
	// nobody was to be asked.
	Unanswered string
	// Exists tells that the tree has a policy already.
	Exists bool
	// Policy is a bot.yaml that changes nothing about how the tree is read;
	// nil where one exists.
	Policy []byte
}

// Survey looks a tree over. One that holds no Mastodon fails.
func (b *Bot) Survey(ctx context.Context, v *look.View) (*Survey, error) {
	apps, err := v.Select("", true)
	if err != nil {
		return nil, err
	}

	out := &Survey{View: v, Inventories: map[string]*inventory.Inventory{}}

	if out.Exists, err = exists(v.FS, look.PolicyFile); err != nil {
		return nil, err
	}

	for _, app := range apps {
		inv, err := inventory.Take(ctx, v.FS, app.Files, app.Family.Web, app.Family.Streaming)
		if err != nil {
			return nil, fmt.Errorf("application %s: %w", app.Name, err)
		}

		out.Inventories[app.Name] = inv
	}

	if out.Rivals, err = rivals(ctx, v); err != nil {
		return nil, err
	}

	if !out.Exists {
		if out.Policy, err = starter(ctx, v); err != nil {
			return nil, err
		}
	}

	if b.Registry != nil {
		out.ask(ctx, b)
	}

	return out, ctx.Err()
}

// ask finds out what a pass would do. A registry that does not answer is no
// reason to fail: the rest of what was found stands.
func (s *Survey) ask(ctx context.Context, b *Bot) {
	outlooks, err := b.CheckView(ctx, s.View, "")
	if err != nil {
		s.Unanswered = err.Error()

		return
	}

	s.Outlooks = outlooks
}

// exists tells whether a tree has something of a name, whatever it is.
func exists(fsys fs.FS, name string) (bool, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return false, fmt.Errorf("reading the tree: %w", err)
	}

	for _, e := range entries {
		if e.Name() == name {
			return true, nil
		}
	}

	return false, nil
}

// rivals looks for other updaters of the images, at the places that an updater
// could read: not mentions, and not what only this program understands.
func rivals(ctx context.Context, v *look.View) ([]rival.Rival, error) {
	var places []rival.Place

	for _, r := range v.Tree.References {
		switch r.Form {
		case patch.Markdown, patch.Name, patch.Label, patch.Variable, patch.HelmTemplate, patch.KustomizeReplacement, patch.Literal:
		default:
			places = append(places, rival.Place{File: r.File, Line: r.Line, Image: r.Image})
		}
	}

	files, err := filesOf(v.FS)
	if err != nil {
		return nil, err
	}

	return rival.Find(ctx, v.FS, files, places)
}

// filesOf lists the regular files of a tree. A folder that cannot be read is a
// problem of the scan already.
func filesOf(fsys fs.FS) ([]string, error) {
	var files []string

	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && (name == "." || !errors.Is(err, fs.ErrPermission)):
			return err
		case err != nil:
			return fs.SkipDir
		case d.IsDir() && d.Name() == ".git":
			return fs.SkipDir
		case d.Type().IsRegular():
			files = append(files, name)
		}

		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the tree: %w", err)
	}

	return files, nil
}
