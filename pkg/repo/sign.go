package repo

import (
	"crypto/rand"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/ssh"
)

// Signer signs commits.
type Signer interface {
	// Sign returns the armored signature of a commit without one.
	Sign(commit []byte) (string, error)
}

// sshNamespace keeps a signature of a commit from being one of anything else.
const sshNamespace = "git"

// sshSigner signs as git does with gpg.format=ssh:
// https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.sshsig
type sshSigner struct{ key ssh.Signer }

// NewSSHSigner signs with a private key in PEM, Ed25519 or RSA: both sign the
// same commit the same way each time, which keeps its hash the same.
func NewSSHSigner(key []byte) (Signer, error) {
	parsed, err := ssh.ParsePrivateKey(key)
	if err != nil {
		// The error of a parser may quote what it read.
		return nil, fmt.Errorf("the signing key is no private SSH key without a passphrase (%T)", err)
	}

	switch kind := parsed.PublicKey().Type(); kind {
	case ssh.KeyAlgoED25519, ssh.KeyAlgoRSA:
		return sshSigner{parsed}, nil
	default:
		return nil, fmt.Errorf("a signing key of type %s signs differently each time: use Ed25519 or RSA", kind)
	}
}

// Sign is the SSHSIG of a commit.
func (s sshSigner) Sign(commit []byte) (string, error) {
	hash := sha512.Sum512(commit)

	signed := append([]byte("SSHSIG"), ssh.Marshal(struct{ Namespace, Reserved, Algorithm, Hash string }{
		sshNamespace, "", "sha512", string(hash[:]),
	})...)

	signature, err := s.sign(signed)
	if err != nil {
		return "", fmt.Errorf("signing a commit: %w", err)
	}

	blob := append([]byte("SSHSIG"), ssh.Marshal(struct {
		Version                                              uint32
		PublicKey, Namespace, Reserved, Algorithm, Signature string
	}{
		1, string(s.key.PublicKey().Marshal()), sshNamespace, "", "sha512", string(ssh.Marshal(signature)),
	})...)

	return armor(blob), nil
}

// sign asks RSA for SHA-2: what SSH once did with SHA-1 is refused by git.
func (s sshSigner) sign(data []byte) (*ssh.Signature, error) {
	if key, ok := s.key.(ssh.AlgorithmSigner); ok && s.key.PublicKey().Type() == ssh.KeyAlgoRSA {
		return key.SignWithAlgorithm(rand.Reader, data, ssh.KeyAlgoRSASHA512)
	}

	return s.key.Sign(rand.Reader, data)
}

func armor(blob []byte) string {
	const width = 70

	var b strings.Builder

	b.WriteString("-----BEGIN SSH SIGNATURE-----\n")

	for text := base64.StdEncoding.EncodeToString(blob); text != ""; {
		n := min(width, len(text))
		b.WriteString(text[:n] + "\n")
		text = text[n:]
	}

	b.WriteString("-----END SSH SIGNATURE-----")

	return b.String()
}
