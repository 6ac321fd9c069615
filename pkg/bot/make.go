package bot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/goingdark-social/bot/pkg/gh"
	"github.com/goingdark-social/bot/pkg/repo"
)

// Maker makes commits on GitHub. [*gh.Client] is one.
type Maker interface {
	Viewer(ctx context.Context) (gh.Viewer, error)
	Make(ctx context.Context, fullName string, m gh.Making) (sha string, err error)
}

// identify finds out who the bot is where GitHub makes its commits: their
// author is the token's owner, and by that they are told from people's.
func (b *Bot) identify(ctx context.Context) error {
	if b.Maker == nil {
		return nil
	}

	b.kept.mu.Lock()
	v := b.kept.viewer
	b.kept.mu.Unlock()

	if v.Login == "" {
		var err error
		if v, err = b.Maker.Viewer(ctx); err != nil {
			return err
		}

		b.kept.mu.Lock()
		b.kept.viewer = v
		b.kept.mu.Unlock()
	}

	b.Author = repo.Signature{Name: v.Login, Email: v.Email()}

	return nil
}

// commit makes changes on the base into the only commit of a branch, which is
// moved from where it was seen; "" for a branch that was not there.
func (b *Bot) commit(ctx context.Context, s *site, branch, head string, changes []repo.Change, m repo.Message) error {
	b.Progress("pushing %s", branch)

	commit, err := s.git.Commit(ctx, s.base, changes, m)
	if err != nil {
		return fmt.Errorf("committing to %s: %w", branch, err)
	}

	hash := commit.Hash()

	switch {
	case b.Maker != nil:
		hash, err = b.make(ctx, s, branch, head, commit, changes, m)
	case hash != head:
		err = s.git.Push(ctx, commit, branch, head)
	}

	if err != nil {
		return fmt.Errorf("pushing %s: %w", branch, err)
	}

	if s.branches != nil {
		s.branches[branch] = hash
	}

	return nil
}

// make lets GitHub make the commit that was computed here.
func (b *Bot) make(ctx context.Context, s *site, branch, head string, commit *repo.Commit, changes []repo.Change, m repo.Message) (string, error) {
	making := gh.Making{
		Repository: s.info.NodeID, Base: s.base.Hash(), BaseTree: s.base.Tree(), Tree: commit.Tree(),
		Message: m.Text, Branch: branch, Lease: head,
	}

	for _, c := range changes {
		if c.Delete {
			return "", fmt.Errorf("%s: nothing here deletes a file", c.Path)
		}

		making.Files = append(making.Files, gh.MadeFile{Path: c.Path, Content: c.Content, Executable: executable(s.base.FS(), c.Path)})
	}

	hash, err := b.Maker.Make(ctx, s.name, making)
	if moved, ok := errors.AsType[*gh.MovedError](err); ok {
		return "", errors.Join(&repo.LeaseError{Repository: s.name, Ref: "refs/heads/" + branch, Want: head}, moved)
	}

	return hash, err
}

func executable(fsys fs.FS, path string) bool {
	info, err := fs.Stat(fsys, path)

	return err == nil && info.Mode()&0o111 != 0
}
