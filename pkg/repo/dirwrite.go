package repo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"golang.org/x/sync/errgroup"

	"github.com/goingdark-social/bot/pkg/effect"
)

// Write makes all changes or none. Every new content is first written to disk
// beside its file; then each file is replaced in one step, so that nobody ever
// reads half a file. When one cannot be replaced, those that were are put back.
// Modes and owners stay. Symbolic links, and files that are not what they were
// when they were read (Change.Before, or changed while Write ran), are refused:
// a *ChangeError, and nothing is written. Files that hold the new content
// already are left alone.
//
// A program that is killed between two replacements leaves a tree in which
// some files are changed and each is whole; temporary files that it left are
// removed by a later Write to the same folder.
func (d *Dir) Write(ctx context.Context, changes []Change) error {
	if _, err := plan(changes); err != nil {
		return err
	}

	w := &dirWriter{dir: d, fsys: &dirFS{root: d.root}}
	w.flushing.SetLimit(mostFlushed)

	defer w.clean()

	for _, c := range changes {
		if err := errors.Join(ctx.Err(), w.stage(c)); err != nil {
			return err
		}
	}

	if err := w.flushing.Wait(); err != nil {
		return err
	}

	for _, s := range w.staged {
		if err := w.replace(ctx, s); err != nil {
			return errors.Join(err, w.rollback(ctx))
		}
	}

	return w.sync()
}

// staged is a change whose content waits on disk.
type staged struct {
	change Change
	before []byte      // what the file holds now
	info   fs.FileInfo // nil where it does not exist
	temp   string      // "" when deleting
	done   bool
}

type dirWriter struct {
	dir     *Dir
	fsys    *dirFS
	staged  []*staged
	folders []string // made for new files, outermost first
	// flushing are the staged files on their way to the disk.
	flushing errgroup.Group
}

// stage checks a change and writes its content beside the file.
func (w *dirWriter) stage(c Change) error {
	s := &staged{change: c}

	if err := w.look(s); err != nil {
		return err
	}

	switch exists := s.info != nil; {
	case !exists && (c.Delete || c.Before != nil):
		return &ChangeError{c.Path, "does not exist"}
	case c.Before != nil && !bytes.Equal(s.before, c.Before):
		return &ChangeError{c.Path, "is not what it was when it was read"}
	case exists && !c.Delete && bytes.Equal(s.before, c.Content):
		return nil
	}

	w.staged = append(w.staged, s)

	if c.Delete {
		return nil
	}

	if s.info == nil {
		if err := w.makeFolders(path.Dir(c.Path)); err != nil {
			return err
		}
	}

	temp, f, err := w.temporary(c.Path, c.Content, s.info)
	if err != nil {
		return err
	}

	s.temp = temp
	w.flushing.Go(func() error { return flush(f) })

	return nil
}

// look reads what is there now.
func (w *dirWriter) look(s *staged) error {
	info, err := w.fsys.find("stat", s.change.Path)

	switch {
	case errors.Is(err, errNotFolder):
		return &ChangeError{s.change.Path, "lies in a file, which is not a folder"}
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case errors.Is(err, ErrSymlink):
		return &ChangeError{s.change.Path, "lies behind a folder that " + ErrSymlink.Error()}
	case err != nil:
		return err
	case info.IsDir():
		return &ChangeError{s.change.Path, "is a folder"}
	}

	if err := openable(info); err != nil {
		return &ChangeError{s.change.Path, err.Error()}
	}

	s.info = info
	s.before, err = w.dir.root.ReadFile(s.change.Path)

	return err
}

// replace performs one change, unless somebody else changed the file since it
// was looked at.
func (w *dirWriter) replace(ctx context.Context, s *staged) error {
	name := s.change.Path

	return w.dir.seam.Do(ctx, effect.Effect{Kind: "file.write", Target: name}, func(ctx context.Context) error {
		if err := ctx.Err(); err != nil {
			return err
		}

		now := &staged{change: s.change}
		if err := w.look(now); err != nil {
			return err
		}

		if (now.info == nil) != (s.info == nil) || !bytes.Equal(now.before, s.before) {
			return &ChangeError{name, "was changed by somebody else just now"}
		}

		var err error
		if s.change.Delete {
			err = w.dir.root.Remove(name)
		} else {
			err = w.dir.root.Rename(s.temp, name)
		}

		s.done = err == nil

		return err
	})
}

// rollback puts back what was replaced. It goes on after a failure and after
// the context ended, for half a change is the worst of all.
func (w *dirWriter) rollback(ctx context.Context) error {
	var failed []error

	for _, s := range w.staged {
		if !s.done {
			continue
		}

		e := effect.Effect{Kind: "file.write", Target: s.change.Path}
		if err := w.dir.seam.Do(context.WithoutCancel(ctx), e, func(context.Context) error { return w.restore(s) }); err != nil {
			failed = append(failed, fmt.Errorf("%s stays changed: %w", s.change.Path, err))
		}
	}

	return errors.Join(failed...)
}

func (w *dirWriter) restore(s *staged) error {
	if s.info == nil {
		return w.dir.root.Remove(s.change.Path)
	}

	temp, f, err := w.temporary(s.change.Path, s.before, s.info)
	if err != nil {
		return err
	}

	if err := flush(f); err != nil {
		return errors.Join(err, w.dir.root.Remove(temp))
	}

	return w.dir.root.Rename(temp, s.change.Path)
}
