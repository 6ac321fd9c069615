package repo_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha512"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/goingdark-social/bot/pkg/repo"
)

func keyOf(t *testing.T, private any) []byte {
	t.Helper()

	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}

	return pem.EncodeToMemory(block)
}

// TestSignaturesVerify takes signatures apart as PROTOCOL.sshsig says.
func TestSignaturesVerify(t *testing.T) {
	t.Parallel()

	_, small, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}

	large, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}

	for name, key := range map[string]any{"ed25519": small, "rsa": large} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			signer, err := repo.NewSSHSigner(keyOf(t, key))
			if err != nil {
				t.Fatal(err)
			}

			commit := []byte("tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\nfirst\n")

			signature, err := signer.Sign(commit)
			if err != nil {
				t.Fatal(err)
			}

			verify(t, signature, commit)

			if again, _ := signer.Sign(commit); again != signature {
				t.Error("a second signature of the same commit is another one")
			}
		})
	}
}

func verify(t *testing.T, armored string, commit []byte) {
	t.Helper()

	text := strings.NewReplacer("-----BEGIN SSH SIGNATURE-----", "", "-----END SSH SIGNATURE-----", "", "\n", "").Replace(armored)

	blob, err := base64.StdEncoding.DecodeString(text)
	if err != nil || !bytes.HasPrefix(blob, []byte("SSHSIG")) {
		t.Fatalf("%v in %q", err, armored)
	}

	var parts struct {
		Version                                        uint32
		Key, Namespace, Reserved, Algorithm, Signature string
	}

	if err := ssh.Unmarshal(blob[6:], &parts); err != nil || parts.Version != 1 || parts.Namespace != "git" || parts.Algorithm != "sha512" {
		t.Fatalf("%+v, %v", parts, err)
	}

	public, err := ssh.ParsePublicKey([]byte(parts.Key))
	if err != nil {
		t.Fatal(err)
	}

	var signature ssh.Signature
	if err := ssh.Unmarshal([]byte(parts.Signature), &signature); err != nil {
		t.Fatal(err)
	}

	hash := sha512.Sum512(commit)
	signed := append([]byte("SSHSIG"), ssh.Marshal(struct{ Namespace, Reserved, Algorithm, Hash string }{"git", "", "sha512", string(hash[:])})...)

	if err := public.Verify(signed, &signature); err != nil {
		t.Error(err)
	}
}

func TestKeysThatDoNotSign(t *testing.T) {
	t.Parallel()

	fickle, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}

	for name, key := range map[string][]byte{"ecdsa": keyOf(t, fickle), "no key": []byte("hunter2"), "nothing": nil} {
		if _, err := repo.NewSSHSigner(key); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
