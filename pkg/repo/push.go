package repo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/capability"
	"github.com/go-git/go-git/v5/plumbing/transport"
	"github.com/go-git/go-git/v5/storage/memory"

	"github.com/goingdark-social/bot/pkg/effect"
)

// Push moves a branch to a commit, if it is still at lease: the hash that the
// caller last saw, or "" for a branch that must not exist. Otherwise nothing
// is changed and the error is a *LeaseError. A branch that is at the commit
// already is a success, so that a push may be repeated after a crash.
func (r *Remote) Push(ctx context.Context, c *Commit, branch, lease string) error {
	u, err := newUpdate(plumbing.NewBranchReferenceName(branch), lease)
	if err != nil {
		return err
	}

	u.commit, u.to = c, c.hash

	return r.options.Seam.Do(ctx, effect.Effect{Kind: "git.push", Target: branch}, func(ctx context.Context) error {
		return r.update(ctx, u)
	})
}

// DeleteBranch removes a branch, if it is still at lease. A branch that is
// gone already is a success.
func (r *Remote) DeleteBranch(ctx context.Context, branch, lease string) error {
	u, err := newUpdate(plumbing.NewBranchReferenceName(branch), lease)
	if err != nil {
		return err
	}

	if lease == "" {
		return fmt.Errorf("deleting branch %s needs the hash that it is at", branch)
	}

	return r.options.Seam.Do(ctx, effect.Effect{Kind: "git.delete-branch", Target: branch}, func(ctx context.Context) error {
		return r.update(ctx, u)
	})
}

// update is one reference to be moved; the zero hash stands for no reference.
type update struct {
	ref      plumbing.ReferenceName
	from, to plumbing.Hash
	commit   *Commit // nil when deleting
}

func newUpdate(ref plumbing.ReferenceName, lease string) (update, error) {
	if err := ref.Validate(); err != nil {
		return update{}, fmt.Errorf("%q is not the name of a branch: %w", ref.Short(), err)
	}

	if lease != "" && !plumbing.IsHash(lease) {
		return update{}, fmt.Errorf("the lease %q of %s is not a full hash", lease, ref.Short())
	}

	return update{ref: ref, from: plumbing.NewHash(lease)}, nil
}

// update sends the update once. Where the answer is missing or is a refusal,
// one more question tells what became of it: the push may have been done, or
// somebody else's may have come first.
func (r *Remote) update(ctx context.Context, u update) error {
	err := r.send(ctx, u)

	if !is[*RejectedError](err) && !is[*NetworkError](err) {
		return err
	}

	at, lookup := r.reference(ctx, u.ref)

	switch {
	case lookup != nil:
		return err
	case at == u.to:
		return nil
	case at != u.from:
		return r.lost(u, at)
	}

	return err
}

func (r *Remote) lost(u update, at plumbing.Hash) error {
	return &LeaseError{Repository: r.address.clean, Ref: u.ref.Short(), Want: orEmpty(u.from), Have: orEmpty(at)}
}

func orEmpty(h plumbing.Hash) string {
	if h.IsZero() {
		return ""
	}

	return h.String()
}

// reference is where a reference is right now.
func (r *Remote) reference(ctx context.Context, name plumbing.ReferenceName) (plumbing.Hash, error) {
	var hash plumbing.Hash

	err := r.withUpload(ctx, "look at", func(_ context.Context, u *upload) error {
		hash = u.refs()[name]

		return nil
	})

	return hash, err
}

// send compares the lease with what the server names, and leaves the rest to
// the server, which compares again under its lock.
func (r *Remote) send(ctx context.Context, u update) error {
	return r.talk(ctx, "push to", writePermission, func(ctx context.Context, t transport.Transport, auth transport.AuthMethod) error {
		session, err := dial(ctx, func() (transport.ReceivePackSession, error) {
			return t.NewReceivePackSession(r.address.endpoint, auth)
		})
		if err != nil {
			return &greetingError{err}
		}

		defer func() { _ = session.Close() }()

		adv, err := session.AdvertisedReferencesContext(ctx)
		if err != nil {
			return &greetingError{err}
		}

		switch at := refsOf(adv)[u.ref]; at {
		case u.to:
			return nil
		case u.from:
			return r.command(ctx, session, adv.Capabilities, u)
		default:
			return r.lost(u, at)
		}
	})
}

func (r *Remote) command(ctx context.Context, s transport.ReceivePackSession, c *capability.List, u update) error {
	said := &bytes.Buffer{}

	req, err := u.request(c, said)
	if err != nil {
		return &localError{err}
	}

	report, err := s.ReceivePack(ctx, req)

	if report == nil {
		if err == nil {
			err = errors.New("the server did not say whether it took the push")
		}

		return err
	}

	if report.Error() != nil {
		return &RejectedError{Repository: r.address.clean, Ref: u.ref.Short(), Reason: r.refusal(report, said.String())}
	}

	r.options.Log.DebugContext(ctx, "pushed", "repository", r.address.clean, "ref", u.ref.String(), "to", orEmpty(u.to))

	return nil // report is good; an error beside it is about closing the connection
}

func (u update) request(c *capability.List, said io.Writer) (*packp.ReferenceUpdateRequest, error) {
	req := packp.NewReferenceUpdateRequestFromCapabilities(c)
	req.Commands = []*packp.Command{{Name: u.ref, Old: u.from, New: u.to}}

	if !c.Supports(capability.ReportStatus) {
		return nil, errors.New("the server does not report what becomes of a push (report-status)")
	}

	if c.Supports(capability.Sideband64k) {
		if err := req.Capabilities.Set(capability.Sideband64k); err != nil {
			return nil, err
		}

		req.Progress = said
	}

	if u.commit == nil {
		return req, req.Capabilities.Set(capability.DeleteRefs)
	}

	pack, err := u.commit.pack()
	req.Packfile = io.NopCloser(pack)

	return req, err
}

// pack is what a server needs to have the commit: everything that was made
// here, and nothing else.
func (c *Commit) pack() (*bytes.Buffer, error) {
	storage := memory.NewStorage()

	for layer := c.objects; layer != nil; layer = layer.below {
		for _, hash := range c.fresh {
			if object, err := layer.top.EncodedObject(plumbing.AnyObject, hash); err == nil {
				if _, err := storage.SetEncodedObject(object); err != nil {
					return nil, err
				}
			}
		}
	}

	pack := &bytes.Buffer{}
	_, err := packfile.NewEncoder(pack, storage, false).Encode(c.fresh, 0)

	return pack, err
}

// refusal is why a push was refused: the server's code, and what it said
// beside it.
func (r *Remote) refusal(report *packp.ReportStatus, said string) string {
	reason := report.Error().Error()
	if said = say(r.options.Veil, said); said != "" {
		reason += " (" + said + ")"
	}

	return say(r.options.Veil, reason)
}
