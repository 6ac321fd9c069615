package repo

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/capability"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/sideband"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/plumbing/transport"
	githttp "github.com/go-git/go-git/v5/plumbing/transport/http"
	gitssh "github.com/go-git/go-git/v5/plumbing/transport/ssh"

	"github.com/goingdark-social/bot/internal/pack"
)

// upload is one conversation with the server's upload-pack: what references
// it has, and then at most one pack.
type upload struct {
	session transport.UploadPackSession
	adv     *packp.AdvRefs
}

// wants is what a pack is to hold.
type wants struct {
	hash plumbing.Hash
	// have are commits whose whole tree is here already; shallow are those
	// of them whose parents are not.
	have, shallow []plumbing.Hash
	depth         int
	filter        packp.Filter
}

func (u *upload) refs() map[plumbing.ReferenceName]plumbing.Hash { return refsOf(u.adv) }

// refsOf is every reference that the server named.
func refsOf(adv *packp.AdvRefs) map[plumbing.ReferenceName]plumbing.Hash {
	if adv == nil {
		return nil
	}

	refs := make(map[plumbing.ReferenceName]plumbing.Hash, len(adv.References))
	for name, hash := range maps.All(adv.References) {
		refs[plumbing.ReferenceName(name)] = hash
	}

	return refs
}

// filters tells whether the server can leave objects out.
func (u *upload) filters() bool { return u.adv.Capabilities.Supports(capability.Filter) }

// fetch brings a pack into a storage.
func (u *upload) fetch(ctx context.Context, w wants, into storer.Storer) error {
	req, err := u.request(w)
	if err != nil {
		return err
	}

	res, err := u.session.UploadPack(ctx, req)
	if err != nil && !is[net.Error](err) {
		return &unwantedError{w.hash, err}
	}

	if err != nil {
		return err
	}

	if err := unpack(into, demultiplexed(req.Capabilities, res)); err != nil {
		_ = res.Close()

		return err
	}

	return res.Close()
}

const (
	// maxInMemory is what all objects of one fetch may come to where they are
	// kept in memory, in bytes, and maxInMirror where they lie on a disk.
	maxInMemory = 512 << 20
	maxInMirror = 4 << 30
)

// unpack reads a pack into a storage, and refuses one that would fill it.
func unpack(into storer.Storer, from io.Reader) error {
	var limit int64 = maxInMemory
	if _, disk := into.(storer.PackfileWriter); disk {
		limit = maxInMirror
	}

	objects := pack.Bounded(from, limit)
	err := packfile.UpdateObjectStorage(into, objects)

	_ = objects.Close() // nobody reads on

	if large, ok := errors.AsType[*pack.TooLargeError](err); ok {
		return &localError{large}
	}

	if err != nil {
		return fmt.Errorf("reading the pack: %w", err)
	}

	return nil
}

// unwantedError is a server that would not send a pack for a hash which it had
// named a moment before: somebody moved the reference in between. go-git has
// no type for what the server says then.
type unwantedError struct {
	hash plumbing.Hash
	err  error
}

func (e *unwantedError) Error() string { return e.err.Error() }
func (e *unwantedError) Unwrap() error { return e.err }

func (u *upload) request(w wants) (*packp.UploadPackRequest, error) {
	req := packp.NewUploadPackRequestFromCapabilities(u.adv.Capabilities)
	req.Wants = []plumbing.Hash{w.hash}
	req.Haves, req.Shallows = slices.Clone(w.have), slices.Clone(w.shallow)
	req.Depth = packp.DepthCommits(w.depth)

	set := []capability.Capability{capability.Shallow, capability.NoProgress}
	if w.filter != "" && u.filters() {
		req.Filter = w.filter
		set = append(set, capability.Filter)
	}

	set = slices.DeleteFunc(set, func(c capability.Capability) bool { return !u.adv.Capabilities.Supports(c) })
	if len(w.shallow) > 0 {
		// Only to a client that takes thin packs does git leave out what a
		// shallow commit's tree holds. go-git takes the word off the server's
		// list, so it cannot be asked for; every server knows it, and one that
		// does not passes over it.
		set = append(set, capability.ThinPack)
	}

	for _, c := range set {
		if err := req.Capabilities.Set(c); err != nil {
			return nil, err
		}
	}

	return req, nil
}

// demultiplexed is the pack inside what the server sends beside progress.
func demultiplexed(c *capability.List, r io.Reader) io.Reader {
	switch {
	case c.Supports(capability.Sideband64k):
		return sideband.NewDemuxer(sideband.Sideband64k, r)
	case c.Supports(capability.Sideband):
		return sideband.NewDemuxer(sideband.Sideband, r)
	}

	return r
}

// withUpload talks to upload-pack, again after a temporary failure: talk only
// reads, and starts over.
func (r *Remote) withUpload(ctx context.Context, op string, talk func(context.Context, *upload) error) error {
	return r.again(ctx, func(ctx context.Context) error {
		return r.talk(ctx, op, readPermission, func(ctx context.Context, t transport.Transport, auth transport.AuthMethod) error {
			session, err := dial(ctx, func() (transport.UploadPackSession, error) {
				return t.NewUploadPackSession(r.address.endpoint, auth)
			})
			if err != nil {
				return &greetingError{err}
			}

			defer func() { _ = session.Close() }()

			adv, err := session.AdvertisedReferencesContext(ctx)
			if errors.Is(err, transport.ErrEmptyRemoteRepository) {
				adv, err = packp.NewAdvRefs(), nil
			}

			if err != nil {
				return &greetingError{err}
			}

			return talk(ctx, &upload{session: session, adv: adv})
		})
	})
}

// talk gives f a transport for one operation and the time for it, and makes
// what f returns a typed error.
func (r *Remote) talk(ctx context.Context, op, permission string,
	f func(context.Context, transport.Transport, transport.AuthMethod) error,
) error {
	ctx, cancel := context.WithTimeout(ctx, r.options.Timeout)
	defer cancel()

	auth, err := r.auth(ctx)
	if err != nil {
		return fmt.Errorf("%s %s: %w", op, r.address.clean, err)
	}

	if c, ok := auth.(io.Closer); ok {
		defer func() { _ = c.Close() }()
	}

	w := &wire{next: r.transport, idle: r.options.Idle, now: r.options.Now, say: func(text string) string { return say(r.options.Veil, text) }}
	t := githttp.NewClient(w.client())

	if r.address.ssh {
		t = gitssh.NewClient(nil)
	}

	return r.classify(ctx, op, permission, auth, w, f(ctx, t, auth))
}

// dial opens a session. Over SSH that connects, and knows no context: it goes
// on beside us when the context ends first, and what it opens is closed.
func dial[S io.Closer](ctx context.Context, open func() (S, error)) (S, error) {
	type result struct {
		session S
		err     error
	}

	opened := make(chan result, 1)

	go func() {
		session, err := open()
		opened <- result{session, err}
	}()

	select {
	case o := <-opened:
		return o.session, o.err
	case <-ctx.Done():
	}

	go func() {
		if late := <-opened; late.err == nil {
			_ = late.session.Close()
		}
	}()

	var none S

	return none, context.Cause(ctx)
}

// auth is what the transport is told; nil for nobody.
func (r *Remote) auth(ctx context.Context) (transport.AuthMethod, error) {
	if r.address.ssh {
		return r.sshAuth(ctx)
	}

	user, token := first(r.options.Auth.Username, r.address.user, "x-access-token"), r.address.password

	if r.options.Auth.Token != nil {
		var err error
		if token, err = r.options.Auth.Token(ctx); err != nil {
			return nil, fmt.Errorf("token: %w", err)
		}
	}

	if token == "" {
		return nil, nil
	}

	r.options.Veil.Pass(token, base64.StdEncoding.EncodeToString([]byte(user+":"+token)))

	return &githttp.BasicAuth{Username: user, Password: token}, nil
}
