//go:build real

package repo_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/goingdark-social/bot/internal/gittest"
	"github.com/goingdark-social/bot/pkg/repo"
)

// TestGitVerifiesSignatures asks git itself, which asks ssh-keygen.
func TestGitVerifiesSignatures(t *testing.T) {
	t.Parallel()

	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}

	signer, err := repo.NewSSHSigner(keyOf(t, private))
	if err != nil {
		t.Fatal(err)
	}

	key, err := ssh.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}

	dir := t.TempDir()
	allowed := filepath.Join(dir, "allowed")

	if err := os.WriteFile(allowed, append([]byte("bot@goingdark.social "), ssh.MarshalAuthorizedKey(key)...), 0o600); err != nil {
		t.Fatal(err)
	}

	git := func(stdin string, args ...string) string {
		t.Helper()

		out, err := gittest.Git(t.Context(), dir, strings.NewReader(stdin), args...)
		if err != nil {
			t.Fatal(err)
		}

		return strings.TrimSpace(out)
	}

	git("", "init", "--quiet")

	head := "tree " + git("", "mktree") + "\nauthor bot <bot@goingdark.social> 1 +0000\ncommitter bot <bot@goingdark.social> 1 +0000\n"

	signature, err := signer.Sign([]byte(head + "\nfirst\n"))
	if err != nil {
		t.Fatal(err)
	}

	signed := head + "gpgsig " + strings.ReplaceAll(signature, "\n", "\n ") + "\n\nfirst\n"
	git("", "-c", "gpg.ssh.allowedSignersFile="+allowed, "verify-commit", git(signed, "hash-object", "-t", "commit", "-w", "--stdin"))
}
