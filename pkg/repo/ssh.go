package repo

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync/atomic"

	"github.com/go-git/go-git/v5/plumbing/transport"
	gitssh "github.com/go-git/go-git/v5/plumbing/transport/ssh"
	sshagent "github.com/xanzy/ssh-agent"
	"golang.org/x/crypto/ssh"
)

const sshPort = 22

// sshAuth is a key file or the agent, held to the known hosts: there is no way
// to accept a host that is not known.
type sshAuth struct {
	user    string
	signers func() ([]ssh.Signer, error)
	config  ssh.ClientConfig
	asked   atomic.Bool // the server is known, and wants to see a key
	agent   net.Conn    // nil without one
}

// Close ends the conversation with the agent.
func (a *sshAuth) Close() error {
	if a.agent == nil {
		return nil
	}

	return a.agent.Close()
}

// Name is what go-git calls the method.
func (a *sshAuth) Name() string { return "ssh-public-key" }

// String shows no key.
func (a *sshAuth) String() string { return a.Name() + " for " + a.user }

// ClientConfig is what go-git dials with.
func (a *sshAuth) ClientConfig() (*ssh.ClientConfig, error) {
	config := a.config
	config.User = a.user
	config.Auth = []ssh.AuthMethod{ssh.PublicKeysCallback(func() ([]ssh.Signer, error) {
		a.asked.Store(true)

		return a.signers()
	})}

	return &config, nil
}

// hostKeyError is a server that is not among the known hosts, or not with
// this key.
type hostKeyError struct{ err error }

func (e *hostKeyError) Error() string {
	return "the server's key is not among the known hosts: " + e.err.Error()
}
func (e *hostKeyError) Unwrap() error { return e.err }

// held wraps a check of host keys so that its refusal can be told apart.
func held(check ssh.HostKeyCallback) ssh.HostKeyCallback {
	return func(host string, remote net.Addr, key ssh.PublicKey) error {
		if err := check(host, remote, key); err != nil {
			return &hostKeyError{err}
		}

		return nil
	}
}

func (r *Remote) sshAuth(ctx context.Context) (transport.AuthMethod, error) {
	o := r.options.Auth

	known, err := gitssh.NewKnownHostsDb(o.SSHKnownHosts...)
	if err != nil {
		return nil, fmt.Errorf("known hosts: %w", err)
	}

	port := r.address.endpoint.Port
	if port <= 0 {
		port = sshPort
	}

	a := &sshAuth{user: first(o.Username, r.address.user, gitssh.DefaultUsername)}
	a.config.HostKeyCallback = held(known.HostKeyCallback())
	a.config.HostKeyAlgorithms = known.HostKeyAlgorithms(net.JoinHostPort(r.address.endpoint.Host, strconv.Itoa(port)))
	a.config.Timeout = r.options.Idle

	if o.SSHKeyFile == "" {
		return a, a.useAgent()
	}

	return a, a.useFile(ctx, o)
}

// useAgent takes the keys of the agent behind SSH_AUTH_SOCK.
func (a *sshAuth) useAgent() error {
	agent, conn, err := sshagent.New()
	if err != nil {
		return fmt.Errorf("no SSH key file was given, and no agent answers: %w", err)
	}

	a.signers, a.agent = agent.Signers, conn

	return nil
}

// useFile takes the key in a file.
func (a *sshAuth) useFile(ctx context.Context, o Auth) error {
	pem, err := os.ReadFile(o.SSHKeyFile)
	if err != nil {
		return fmt.Errorf("SSH key: %w", err)
	}

	signer, err := parseKey(ctx, pem, o.SSHPassphrase)
	if err != nil {
		return fmt.Errorf("SSH key %s: %w", o.SSHKeyFile, err)
	}

	a.signers = func() ([]ssh.Signer, error) { return []ssh.Signer{signer}, nil }

	return nil
}

func parseKey(ctx context.Context, pem []byte, passphrase func(context.Context) (string, error)) (ssh.Signer, error) {
	if passphrase == nil {
		return ssh.ParsePrivateKey(pem)
	}

	secret, err := passphrase(ctx)
	if err != nil {
		return nil, fmt.Errorf("passphrase: %w", err)
	}

	return ssh.ParsePrivateKeyWithPassphrase(pem, []byte(secret))
}

// first is the first text that is not empty.
func first(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}

	return ""
}
