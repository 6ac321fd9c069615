package registry

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/goingdark-social/bot/internal/lazyre"
)

// manifest is what is kept of an index or of a single image's manifest.
type manifest struct {
	digest   string
	children []child
	config   string // digest; of a single image's manifest only
}

// child is one image inside an index, or the single image itself.
type child struct {
	digest   string
	platform string // as the index names it; "": only the config knows
}

// maxPlatforms is far above what anybody builds.
const maxPlatforms = 64

var digestPattern = lazyre.New(`^sha256:[0-9a-f]{64}$`)

func isDigest(reference string) bool { return digestPattern.MatchString(reference) }

// top reads the manifest behind a reference. One that was read before costs a HEAD, which tells whether the tag has moved.
func (c *core) top(ctx context.Context, s *session, reference string) (manifest, error) {
	key := s.image + separator(reference) + reference
	if digest, ok := c.pointers.get(key); ok {
		if m, ok := c.manifests.get(digest); ok {
			same, err := c.stillAt(ctx, s, reference, digest)
			if same || err != nil {
				return m, err
			}
		}
	}

	m, err := c.manifest(ctx, s, reference)
	if err == nil {
		c.pointers.put(key, m.digest)
	}

	return m, err
}

func (c *core) stillAt(ctx context.Context, s *session, reference, digest string) (bool, error) {
	a, err := c.do(ctx, s, s.here, http.MethodHead, s.at("/manifests/"+reference), acceptManifests())
	if err != nil {
		return false, err
	}

	return a.header.Get("Docker-Content-Digest") == digest, nil
}

func acceptManifests() http.Header {
	return http.Header{"Accept": {strings.Join([]string{
		string(types.OCIImageIndex), string(types.DockerManifestList), string(types.OCIManifestSchema1), string(types.DockerManifestSchema2),
	}, ", ")}}
}

// manifest fetches a manifest and checks it against its digest.
func (c *core) manifest(ctx context.Context, s *session, reference string) (manifest, error) {
	if m, ok := c.manifests.get(reference); ok && isDigest(reference) {
		return m, nil
	}

	a, err := c.do(ctx, s, s.here, http.MethodGet, s.at("/manifests/"+reference), acceptManifests())
	if err != nil {
		return manifest{}, err
	}

	claimed := a.header.Get("Docker-Content-Digest")
	if isDigest(reference) {
		claimed = reference
	}

	digest, err := verify(a.body, claimed)
	if err != nil {
		return manifest{}, err
	}

	m, err := readManifest(a, digest)
	if err == nil {
		c.manifests.put(digest, m)
	}

	return m, err
}

// verify gives the digest of a body and an error when the server claimed another.
func verify(body []byte, claimed string) (string, error) {
	hash, _, err := v1.SHA256(bytes.NewReader(body))
	if err != nil {
		return "", err
	}

	if claimed != "" && claimed != hash.String() {
		return "", broken("the content does not match its digest")
	}

	return hash.String(), nil
}

func readManifest(a *answer, digest string) (manifest, error) {
	mediaType := types.MediaType(a.header.Get("Content-Type"))
	if base, _, found := strings.Cut(string(mediaType), ";"); found {
		mediaType = types.MediaType(strings.TrimSpace(base))
	}

	switch {
	case mediaType.IsIndex():
		return readIndex(a, digest)
	case mediaType.IsImage():
		m, err := v1.ParseManifest(bytes.NewReader(a.body))
		if err != nil || !isDigest(m.Config.Digest.String()) {
			return manifest{}, broken("the manifest is not understood")
		}

		return manifest{digest: digest, config: m.Config.Digest.String(), children: []child{{digest: digest}}}, nil
	case mediaType.IsSchema1():
		return manifest{}, refused("the image is in a format that registries gave up in 2019 (schema 1)")
	default:
		return manifest{}, broken("the answer is no manifest but %s", kindOf(a))
	}
}

func readIndex(a *answer, digest string) (manifest, error) {
	index, err := v1.ParseIndexManifest(bytes.NewReader(a.body))
	if err != nil {
		return manifest{}, broken("the index is not understood")
	}

	if len(index.Manifests) > 2*maxPlatforms {
		return manifest{}, refused("the index names %d manifests", len(index.Manifests))
	}

	m := manifest{digest: digest}
	for _, d := range index.Manifests {
		switch {
		case isAttestation(d):
			continue
		case !d.MediaType.IsImage():
			return manifest{}, refused("the index holds a %.100q, which is no image", d.MediaType)
		case !isDigest(d.Digest.String()):
			return manifest{}, refused("the index names a manifest by a digest that is not sha256")
		}

		name, err := platformName(d.Platform)
		if err != nil {
			return manifest{}, err
		}

		m.children = append(m.children, child{digest: d.Digest.String(), platform: name})
	}

	return m, nil
}

// isAttestation tells what build tools put into an index beside the images: provenance, SBOMs, and what has no known platform.
func isAttestation(d v1.Descriptor) bool {
	return d.Annotations["vnd.docker.reference.type"] != "" || d.Platform != nil && d.Platform.OS == "unknown"
}
