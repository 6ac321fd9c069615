package registrytest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// Image is one image to publish, in the shape that Mastodon's workflows give it.
type Image struct {
	// Name is the repository, "glitch-soc/mastodon".
	Name string
	Tag  string
	// Platforms are "os/arch" or "os/arch/variant". Default: linux/amd64 and linux/arm64. Empty but not nil: an index without images.
	Platforms []string
	// Created is the build time. Default: 2026-01-02 03:04:05 UTC.
	Created time.Time
	// Revision becomes SOURCE_COMMIT, as in web from 4.4.0 on. Default: not there, as in streaming.
	Revision string
	// Revisions overrides Revision for single platforms.
	Revisions map[string]string
	// Prerelease becomes MASTODON_VERSION_PRERELEASE, which is always there and empty in a release.
	Prerelease string
	// Env is added to the environment, "NAME=value".
	Env []string
	// Single publishes one manifest without an index, as before 2022. Only the first platform counts.
	Single bool
	// Attested adds buildx's attestation manifests of platform unknown/unknown to the index.
	Attested bool
}

// layer is an empty gzip stream: no client of the bot reads layers, but a manifest without one is not real.
const layer = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\x01\x00\x00\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00"

// uploader puts an image's parts into the store. The first error stays.
type uploader struct {
	store http.Handler
	repo  string
	err   error
}

func (u *uploader) send(method, path string, mediaType types.MediaType, body []byte) {
	if u.err != nil {
		return
	}

	request := httptest.NewRequest(method, "http://store/v2/"+u.repo+path, bytes.NewReader(body))
	request.Header.Set("Content-Type", string(mediaType))

	answer := httptest.NewRecorder()
	u.store.ServeHTTP(answer, request)

	if answer.Code != http.StatusCreated {
		u.err = fmt.Errorf("store %s%s: %d %s", u.repo, path, answer.Code, answer.Body)
	}
}

func (u *uploader) blob(mediaType types.MediaType, body []byte) v1.Descriptor {
	d := u.describe(mediaType, body)
	u.send(http.MethodPost, "/blobs/uploads/?digest="+d.Digest.String(), "application/octet-stream", body)

	return d
}

func (u *uploader) manifest(mediaType types.MediaType, value any) v1.Descriptor {
	body := u.encode(value)
	d := u.describe(mediaType, body)
	u.send(http.MethodPut, "/manifests/"+d.Digest.String(), mediaType, body)

	return d
}

func (u *uploader) encode(value any) []byte {
	body, err := json.Marshal(value)
	if err != nil && u.err == nil {
		u.err = err
	}

	return body
}

func (u *uploader) describe(mediaType types.MediaType, body []byte) v1.Descriptor {
	digest, size, err := v1.SHA256(bytes.NewReader(body))
	if err != nil && u.err == nil {
		u.err = err
	}

	return v1.Descriptor{MediaType: mediaType, Digest: digest, Size: size}
}

// build stores the whole image and returns the digest that its tag points to.
func (i Image) build(store http.Handler) (string, error) {
	u := &uploader{store: store, repo: i.Name}

	platforms := i.Platforms
	if platforms == nil {
		platforms = []string{"linux/amd64", "linux/arm64"}
	}

	index := v1.IndexManifest{SchemaVersion: 2, MediaType: types.OCIImageIndex, Manifests: []v1.Descriptor{}}
	for _, p := range platforms {
		platform, err := v1.ParsePlatform(p)
		if err != nil {
			return "", fmt.Errorf("publish %s:%s: %w", i.Name, i.Tag, err)
		}

		d := i.platform(u, *platform, p)
		if i.Single {
			return d.Digest.String(), u.err
		}

		d.Platform = platform
		index.Manifests = append(index.Manifests, d)
		if i.Attested {
			index.Manifests = append(index.Manifests, attestation(u, d.Digest))
		}
	}

	return u.manifest(types.OCIImageIndex, index).Digest.String(), u.err
}

func (i Image) platform(u *uploader, p v1.Platform, name string) v1.Descriptor {
	created := i.Created
	if created.IsZero() {
		created = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	}

	contents := u.blob(types.OCILayer, []byte(layer))
	config := u.blob(types.OCIConfigJSON, u.encode(v1.ConfigFile{
		Architecture: p.Architecture,
		Variant:      p.Variant,
		OS:           p.OS,
		Created:      v1.Time{Time: created},
		Config:       v1.Config{Env: i.environment(name), Cmd: []string{"bash"}, WorkingDir: "/opt/mastodon"},
		RootFS:       v1.RootFS{Type: "layers", DiffIDs: []v1.Hash{contents.Digest}},
		History:      []v1.History{{Created: v1.Time{Time: created}, CreatedBy: "COPY . /opt/mastodon/ # buildkit"}},
	}))

	return u.manifest(types.OCIManifestSchema1, v1.Manifest{
		SchemaVersion: 2,
		MediaType:     types.OCIManifestSchema1,
		Config:        config,
		Layers:        []v1.Descriptor{contents},
	})
}

func (i Image) environment(platform string) []string {
	env := []string{
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"MASTODON_VERSION_PRERELEASE=" + i.Prerelease,
		"MASTODON_VERSION_METADATA=",
	}

	revision := i.Revision
	if r, ok := i.Revisions[platform]; ok {
		revision = r
	}

	if revision != "" {
		env = append(env, "SOURCE_COMMIT="+revision)
	}

	return append(env, i.Env...)
}

func attestation(u *uploader, of v1.Hash) v1.Descriptor {
	statement := u.blob("application/vnd.in-toto+json", []byte(`{"_type":"https://in-toto.io/Statement/v0.1"}`))
	config := u.blob(types.OCIConfigJSON, []byte(`{"architecture":"unknown","os":"unknown","config":{},"rootfs":{"type":"layers","diff_ids":[]}}`))
	d := u.manifest(types.OCIManifestSchema1, v1.Manifest{
		SchemaVersion: 2,
		MediaType:     types.OCIManifestSchema1,
		Config:        config,
		Layers:        []v1.Descriptor{statement},
		Annotations:   map[string]string{"of": of.String()},
	})
	d.Platform = &v1.Platform{OS: "unknown", Architecture: "unknown"}
	d.Annotations = map[string]string{"vnd.docker.reference.digest": of.String(), "vnd.docker.reference.type": "attestation-manifest"}

	return d
}

// FakeRevision is a commit hash for tests, the same for the same text.
func FakeRevision(of string) string {
	digest, _, err := v1.SHA256(strings.NewReader(of))
	if err != nil {
		return strings.Repeat("0", 40) // strings.Reader never fails
	}

	return digest.Hex[:40]
}
