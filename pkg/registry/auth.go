package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
)

// authenticator finds who signs in, from the options or from the docker config.
func (c *core) authenticator(ctx context.Context, repo name.Repository) (authn.Authenticator, error) {
	if c.opts.Credentials == nil {
		who, err := authn.Resolve(ctx, authn.DefaultKeychain, repo)
		if err != nil {
			return nil, refused("the docker config can't be used: %w", keychainError(err))
		}

		return who, nil
	}

	who := caller{host: repo.RegistryStr(), ask: c.opts.Credentials}
	config, err := who.AuthorizationContext(ctx)
	if err != nil {
		return nil, err
	}

	if config.Password == "" {
		return authn.Anonymous, nil
	}

	return who, nil
}

// keychainError repeats what is wrong with a file, but not what a credential helper printed.
func keychainError(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path
	}

	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("it is no JSON: %w", syntax)
	}

	return errors.New("it can't be read, or its credential helper failed; try `docker login`")
}

// caller asks Options.Credentials each time go-containerregistry needs them.
type caller struct {
	host string
	ask  func(ctx context.Context, host string) (user, secret string, err error)
}

func (c caller) Authorization() (*authn.AuthConfig, error) {
	return c.AuthorizationContext(context.Background())
}

func (c caller) AuthorizationContext(ctx context.Context) (*authn.AuthConfig, error) {
	user, secret, err := c.ask(ctx, c.host)
	if err != nil {
		return nil, refused("credentials for %s: %w", c.host, err)
	}

	if user == "" {
		user = "bot" // ghcr.io looks at the secret alone, but Basic authentication wants a name
	}

	return &authn.AuthConfig{Username: user, Password: secret}, nil
}
