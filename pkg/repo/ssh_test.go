package repo_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
	"golang.org/x/crypto/ssh/knownhosts"

	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/pkg/repo"
)

// sshServer lets one key in and runs git for it.
type sshServer struct {
	url, known string
	host       ssh.Signer
}

func newKey(t *testing.T) (ed25519.PrivateKey, ssh.Signer) {
	t.Helper()

	_, key, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	signer, err := ssh.NewSignerFromKey(key)
	must(t, err)

	return key, signer
}

func serveSSH(t *testing.T, there *gittest.Repo, allowed ssh.PublicKey) *sshServer {
	t.Helper()

	_, host := newKey(t)
	config := &ssh.ServerConfig{PublicKeyCallback: func(_ ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
		if string(key.Marshal()) != string(allowed.Marshal()) {
			return nil, errors.New("unknown key")
		}

		return &ssh.Permissions{}, nil
	}}
	config.AddHostKey(host)

	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = listener.Close() })

	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}

			go serveConn(conn, config)
		}
	}()

	address := listener.Addr().String()
	known := filepath.Join(t.TempDir(), "known_hosts")
	must(t, os.WriteFile(known, []byte(knownhosts.Line([]string{address}, host.PublicKey())+"\n"), 0o600))

	return &sshServer{url: "ssh://git@" + address + there.Dir, known: known, host: host}
}

func serveConn(conn net.Conn, config *ssh.ServerConfig) {
	_, channels, requests, err := ssh.NewServerConn(conn, config)
	if err != nil {
		return
	}

	go ssh.DiscardRequests(requests)

	for offered := range channels {
		channel, requests, err := offered.Accept()
		if err != nil {
			return
		}

		go func() {
			for r := range requests {
				ok := r.Type == "exec"
				_ = r.Reply(ok, nil)

				if ok {
					go runGit(channel, string(r.Payload[4:]))
				}
			}
		}()
	}
}

func runGit(channel ssh.Channel, command string) {
	name, path, _ := strings.Cut(command, " ")
	cmd := exec.Command("git", strings.TrimPrefix(name, "git-"), strings.Trim(path, "'"))
	cmd.Env, cmd.Stdout, cmd.Stderr = gittest.Environment(), channel, channel.Stderr()

	stdin, err := cmd.StdinPipe()
	if err != nil {
		return
	}

	go func() {
		buffer := make([]byte, 4096)

		for {
			n, err := channel.Read(buffer)
			_, _ = stdin.Write(buffer[:n])

			if err != nil {
				_ = stdin.Close()

				return
			}
		}
	}()

	status := byte(0)
	if cmd.Run() != nil {
		status = 1
	}

	_, _ = channel.SendRequest("exit-status", false, []byte{0, 0, 0, status})
	_ = channel.Close()
}

func keyFile(t *testing.T, key ed25519.PrivateKey, passphrase string) string {
	t.Helper()

	var (
		block *pem.Block
		err   error
	)

	if passphrase == "" {
		block, err = ssh.MarshalPrivateKey(key, "")
	} else {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(key, "", []byte(passphrase))
	}

	must(t, err)

	path := filepath.Join(t.TempDir(), "key")
	must(t, os.WriteFile(path, pem.EncodeToMemory(block), 0o600))

	return path
}

func TestSSH(t *testing.T) {
	w := newWorld(t, gittest.Many(100))
	key, signer := newKey(t)
	server := serveSSH(t, w.there, signer.PublicKey())

	open := func(change ...func(*repo.Options)) *repo.Remote {
		change = append([]func(*repo.Options){func(o *repo.Options) {
			o.URL, o.Auth.SSHKnownHosts = server.url, []string{server.known}
		}}, change...)

		return w.open(t, change...)
	}
	with := func(file string) func(*repo.Options) {
		return func(o *repo.Options) { o.Auth.SSHKeyFile = file }
	}

	good := open(with(keyFile(t, key, "")))
	base := fetch(t, good, "main")

	hash, err := w.there.Commit(t.Context(), gittest.Commit{Branch: "main", Files: map[string]string{"apps/0/0.yaml": "x"}})
	must(t, err)
	same(t, "the next commit", fetch(t, good, "main").Hash(), hash)

	c, err := good.Commit(t.Context(), base, []repo.Change{{Path: "apps/0/0.yaml", Content: []byte("y")}}, repo.Message{Text: "y"})
	must(t, err)
	must(t, good.Push(t.Context(), c, "bot/x", ""))

	entries, err := good.Ahead(t.Context(), "bot/x", base)
	must(t, err)
	same(t, "ahead", subjects(entries), "y")
	must(t, good.UpdateState(t.Context(), statePath, increment))
	must(t, good.UpdateState(t.Context(), statePath, increment))
	must(t, good.DeleteBranch(t.Context(), "bot/x", c.Hash()))
	must(t, w.there.Check(t.Context()))

	if err := good.Push(t.Context(), c, "main", base.Hash()); !is[*repo.LeaseError](err) {
		t.Errorf("err = %v, want a LeaseError", err)
	}

	t.Run("passphrase", func(t *testing.T) {
		file := keyFile(t, key, "canary")
		_, err := open(with(file), func(o *repo.Options) { o.Auth.SSHPassphrase = constant("canary") }).Heads(t.Context())
		must(t, err)

		for _, wrong := range []func(*repo.Options){
			func(*repo.Options) {}, func(o *repo.Options) { o.Auth.SSHPassphrase = constant("canary-2") },
		} {
			_, err = open(with(file), wrong).Heads(t.Context())
			if err == nil || !strings.Contains(err.Error(), file) {
				t.Errorf("err = %v", err)
			}

			noCanary(t, err)
		}
	})

	t.Run("agent", func(t *testing.T) {
		keyring := agent.NewKeyring()
		must(t, keyring.Add(agent.AddedKey{PrivateKey: key}))
		t.Setenv("SSH_AUTH_SOCK", serveAgent(t, keyring))

		_, err := open().Heads(t.Context())
		must(t, err)

		t.Setenv("SSH_AUTH_SOCK", "")

		_, err = open().Heads(t.Context())
		if err == nil || !strings.Contains(err.Error(), "no SSH key file was given") {
			t.Errorf("err = %v", err)
		}
	})

	t.Run("refused", func(t *testing.T) {
		other, otherSigner := newKey(t)
		_, err := open(with(keyFile(t, other, ""))).Heads(t.Context())

		if access, ok := errors.AsType[*repo.AccessError](err); !ok || access.Permission != "contents: read" {
			t.Errorf("a wrong key: err = %v, want an AccessError", err)
		}

		address, _, _ := strings.Cut(strings.TrimPrefix(server.url, "ssh://git@"), "/")
		forged := filepath.Join(t.TempDir(), "known_hosts")
		must(t, os.WriteFile(forged, []byte(knownhosts.Line([]string{address}, otherSigner.PublicKey())+"\n"), 0o600))

		_, err = open(with(keyFile(t, key, "")), func(o *repo.Options) { o.Auth.SSHKnownHosts = []string{forged} }).Heads(t.Context())
		if !is[*repo.AccessError](err) {
			t.Errorf("a wrong host key: err = %v, want an AccessError", err)
		}

		_, err = open(with(keyFile(t, key, "")), func(o *repo.Options) { o.URL += "/nothing" }).Heads(t.Context())
		if access, ok := errors.AsType[*repo.AccessError](err); !ok || !access.Missing {
			t.Errorf("no repository: err = %v, want an AccessError that says missing", err)
		}
	})
}

func serveAgent(t *testing.T, keyring agent.Agent) string {
	t.Helper()

	path := filepath.Join(t.TempDir(), "s")
	listener, err := new(net.ListenConfig).Listen(t.Context(), "unix", path)
	must(t, err)
	t.Cleanup(func() { _ = listener.Close() })

	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}

			go func() {
				_ = agent.ServeAgent(keyring, conn)
				_ = conn.Close()
			}()
		}
	}()

	return path
}
