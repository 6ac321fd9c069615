package upstream

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/capability"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/sideband"
	"github.com/go-git/go-git/v5/plumbing/transport"
	githttp "github.com/go-git/go-git/v5/plumbing/transport/http"
	"github.com/go-git/go-git/v5/storage/memory"

	"github.com/goingdark-social/bot/internal/pack"
	"github.com/goingdark-social/bot/pkg/version"
)

// remote is a git repository behind HTTP. One release costs two requests for objects: the commit and its folders
// without any file (a partial, shallow fetch), then exactly the files that are read. A server that cannot do one of
// them is asked for the whole commit, shallow.
type remote struct {
	name     string
	endpoint *transport.Endpoint
	client   *http.Client
}

func openRemote(name, url string, client *http.Client) (*remote, error) {
	endpoint, err := transport.NewEndpoint(url)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &remote{name: name, endpoint: endpoint, client: client}, nil
}

func (r *remote) String() string { return r.name }

// session opens one exchange with the server and reads what it has.
func (r *remote) session(ctx context.Context, bytes *int64) (transport.UploadPackSession, *packp.AdvRefs, error) {
	client := *r.client
	client.Transport = &countingTransport{base: r.client.Transport, n: bytes}
	s, err := githttp.NewClient(&client).NewUploadPackSession(r.endpoint, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", r.name, err)
	}
	refs, err := s.AdvertisedReferencesContext(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: asking for its tags: %w", r.name, errors.Join(err, s.Close()))
	}
	return s, refs, nil
}

func (r *remote) Resolve(ctx context.Context, v string) (rev Revision, err error) {
	if plumbing.IsHash(v) {
		return Revision{Commit: v}, nil
	}
	s, refs, err := r.session(ctx, new(int64))
	if err != nil {
		return Revision{}, err
	}
	if err := s.Close(); err != nil {
		return Revision{}, err
	}
	if v == "" {
		if refs.Head == nil {
			return Revision{}, &NotFoundError{r.name, v}
		}
		return Revision{Commit: refs.Head.String()}, nil
	}
	for _, tag := range tagNames(v) {
		name := plumbing.NewTagReferenceName(tag).String()
		h, ok := refs.Peeled[name]
		if !ok {
			h, ok = refs.References[name]
		}
		if ok {
			return Revision{Version: version.Parse(v).String(), Commit: h.String()}, nil
		}
	}
	return Revision{}, &NotFoundError{r.name, v}
}

func (r *remote) Load(ctx context.Context, rev Revision, w Wanted) (*Tree, error) {
	store := memory.NewStorage()
	var bytes int64
	partial, err := r.fetchCommit(ctx, store, rev.Commit, &bytes)
	if err != nil {
		return nil, err
	}
	tree, blobs, err := walk(ctx, store, rev.Commit, w)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.name, err)
	}
	if partial {
		if err := r.fetchBlobs(ctx, store, blobs, &bytes); err != nil {
			return nil, err
		}
	}
	if err := tree.read(ctx, store, blobs); err != nil {
		return nil, fmt.Errorf("%s: %w", r.name, err)
	}
	tree.Transferred = bytes
	return tree, nil
}

// fetchCommit fetches one commit, shallow, and without files if the server can also hand out files one by one.
func (r *remote) fetchCommit(ctx context.Context, store *memory.Storage, commit string, bytes *int64) (partial bool, err error) {
	s, refs, err := r.session(ctx, bytes)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	caps := refs.Capabilities
	partial = caps.Supports(capability.Filter) && (caps.Supports(capability.AllowReachableSHA1InWant) || caps.Supports(allowAny))
	req := request(caps)
	req.Wants = []plumbing.Hash{plumbing.NewHash(commit)}
	if caps.Supports(capability.Shallow) {
		req.Depth = packp.DepthCommits(1)
		if err := req.Capabilities.Set(capability.Shallow); err != nil {
			return false, err
		}
	}
	if partial {
		req.Filter = packp.FilterBlobNone()
		if err := req.Capabilities.Set(capability.Filter); err != nil {
			return false, err
		}
	}
	return partial, r.receive(ctx, s, req, store, "commit "+commit)
}

// allowAny is the stronger form, which covers files as well.
const allowAny capability.Capability = "allow-any-sha1-in-want"

// fetchBlobs fetches the files that the store lacks.
func (r *remote) fetchBlobs(ctx context.Context, store *memory.Storage, blobs []blob, bytes *int64) (err error) {
	s, refs, err := r.session(ctx, bytes)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	req := request(refs.Capabilities)
	seen := map[plumbing.Hash]bool{}
	for _, b := range blobs {
		if !seen[b.hash] {
			req.Wants = append(req.Wants, b.hash)
		}
		seen[b.hash] = true
	}
	if len(req.Wants) == 0 {
		return nil
	}
	return r.receive(ctx, s, req, store, "its files")
}

func request(caps *capability.List) *packp.UploadPackRequest {
	req := packp.NewUploadPackRequestFromCapabilities(caps)
	if caps.Supports(capability.NoProgress) {
		_ = req.Capabilities.Set(capability.NoProgress) // no-progress takes no value: setting it cannot fail
	}
	return req
}

// receive sends a request and puts the objects of the answer into the store.
func (r *remote) receive(
	ctx context.Context, s transport.UploadPackSession, req *packp.UploadPackRequest, store *memory.Storage, what string,
) (err error) {
	answer, err := s.UploadPack(ctx, req)
	if err != nil {
		return fmt.Errorf("%s: fetching %s: %w", r.name, what, err)
	}
	defer func() { err = errors.Join(err, answer.Close()) }()
	var objects io.Reader = answer
	switch {
	case req.Capabilities.Supports(capability.Sideband64k):
		objects = sideband.NewDemuxer(sideband.Sideband64k, answer)
	case req.Capabilities.Supports(capability.Sideband):
		objects = sideband.NewDemuxer(sideband.Sideband, answer)
	}
	bounded := pack.Bounded(objects, maxPack)
	err = packfile.UpdateObjectStorage(store, bounded)
	_ = bounded.Close() // nobody reads on
	if err != nil {
		return fmt.Errorf("%s: fetching %s: %w", r.name, what, err)
	}
	return nil
}
