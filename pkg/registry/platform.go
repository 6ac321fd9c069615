package registry

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"github.com/goingdark-social/bot/internal/lazyre"
)

// platform reads the config of one platform's image, once for ever.
func (c *core) platform(ctx context.Context, s *session, of child) (Platform, error) {
	p, ok := c.platforms.get(of.digest)
	if !ok {
		m, err := c.manifest(ctx, s, of.digest)
		if err != nil {
			return Platform{}, err
		}

		if p, err = c.config(ctx, s, m); err != nil {
			return Platform{}, err
		}

		c.platforms.put(of.digest, p)
	}

	if of.platform != "" {
		p.Name = of.platform // what a client picks by
	}

	return p, nil
}

func (c *core) config(ctx context.Context, s *session, m manifest) (Platform, error) {
	if m.config == "" {
		return Platform{}, refused("an index inside an index")
	}

	a, err := c.do(ctx, s, s.away, http.MethodGet, s.at("/blobs/"+m.config), nil)
	if err != nil {
		return Platform{}, err
	}

	if _, err := verify(a.body, m.config); err != nil {
		return Platform{}, err
	}

	config, err := v1.ParseConfigFile(bytes.NewReader(a.body))
	if err != nil {
		return Platform{}, refused("the image's config is not understood")
	}

	name, err := platformName(config.Platform())
	if err != nil {
		return Platform{}, err
	}

	revision, _ := variable(config.Config.Env, "SOURCE_COMMIT")
	prerelease, known := variable(config.Config.Env, "MASTODON_VERSION_PRERELEASE")

	return Platform{
		Name:            name,
		Digest:          m.digest,
		Created:         config.Created.UTC(),
		Revision:        revision,
		Prerelease:      prerelease,
		PrereleaseKnown: known,
	}, nil
}

// wordPattern is what a revision or a pre-release can be made of. Anything else in their place says nothing that could be compared.
var wordPattern = lazyre.New(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)

// variable reads the environment as a shell does, where the last of two wins. An empty value is known to be empty.
func variable(env []string, name string) (value string, known bool) {
	for _, pair := range env {
		if v, ok := strings.CutPrefix(pair, name+"="); ok {
			value, known = v, true
		}
	}

	if value != "" && !wordPattern.MatchString(value) {
		return "", false
	}

	return value, known
}

var platformPattern = lazyre.New(`^[a-z0-9]+/[a-z0-9_]+(/[a-z0-9.]+)?$`)

// platformName gives "os/arch" or "os/arch/variant", "" when nothing is known.
func platformName(p *v1.Platform) (string, error) {
	if p == nil || p.OS == "" && p.Architecture == "" {
		return "", nil
	}

	name := p.OS + "/" + p.Architecture
	if p.Variant != "" {
		name += "/" + p.Variant
	}

	if !platformPattern.MatchString(name) {
		return "", refused("%.100q can't be a platform", name)
	}

	return normalPlatform(name), nil
}

// normalPlatform leaves out the variant that an architecture has anyway, as containerd does.
func normalPlatform(name string) string {
	switch name {
	case "linux/arm64/v8":
		return "linux/arm64"
	case "linux/amd64/v1":
		return "linux/amd64"
	case "linux/arm":
		return "linux/arm/v7"
	default:
		return name
	}
}
