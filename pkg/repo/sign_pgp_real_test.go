//go:build real

package repo_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp/packet"

	"github.com/goingdark-social/bot/pkg/repo"
)

// TestGnuPGVerifiesSignatures asks git itself, which asks gpg.
func TestGnuPGVerifiesSignatures(t *testing.T) {
	private, public := pgpKey(t, packet.PubKeyAlgoEdDSA)

	signer, err := repo.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}

	home, err := os.MkdirTemp("/tmp", "gpg") //nolint:usetesting // gpg's sockets need a short path
	if err != nil {
		t.Fatal(err)
	}

	run := func(stdin, name string, args ...string) string {
		t.Helper()

		cmd := exec.CommandContext(context.WithoutCancel(t.Context()), name, args...)
		cmd.Dir, cmd.Stdin = home, strings.NewReader(stdin)
		cmd.Env = append(os.Environ(), "GNUPGHOME="+home, "HOME="+home, "GIT_CONFIG_NOSYSTEM=1")

		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %v: %v\n%s", name, args, err, out)
		}

		return strings.TrimSpace(string(out))
	}

	t.Cleanup(func() {
		run("", "gpgconf", "--kill", "all")

		if err := os.RemoveAll(home); err != nil {
			t.Error(err)
		}
	})

	run(string(public), "gpg", "--batch", "--import")
	run("", "git", "init", "--quiet", "--bare", filepath.Join(home, "r.git"))

	git := func(stdin string, args ...string) string {
		return run(stdin, "git", append([]string{"-C", "r.git"}, args...)...)
	}
	tree := git("", "mktree")
	commit := strings.Replace(pgpCommit, "4b825dc642cb6eb9a060e54bf8d69288fbee4904", tree, 1)

	signature, err := signer.Sign([]byte(commit))
	if err != nil {
		t.Fatal(err)
	}

	head, message, _ := strings.Cut(commit, "\n\n")
	signed := head + "\ngpgsig " + strings.ReplaceAll(signature, "\n", "\n ") + "\n\n" + message

	if said := git("", "verify-commit", "--verbose", git(signed, "hash-object", "-t", "commit", "-w", "--stdin")); !strings.Contains(said, "Good signature") {
		t.Error(said)
	}
}
