package repo

import (
	"bytes"
	"crypto"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

// NewSigner signs with a private key: of OpenPGP where it is armored so, of SSH
// otherwise.
func NewSigner(key []byte) (Signer, error) {
	if bytes.Contains(key, []byte("-----BEGIN PGP PRIVATE KEY BLOCK-----")) {
		return NewPGPSigner(key)
	}

	return NewSSHSigner(key)
}

// pgpSigner signs as git does with gpg.format=openpgp.
type pgpSigner struct{ key *openpgp.Entity }

var errSigningKey = errors.New("the signing key is no armored private OpenPGP key, alone and without a passphrase")

// NewPGPSigner signs with an armored private OpenPGP key without a passphrase.
// Its signatures bear the time of the commit and nothing random, so that the
// same commit keeps its hash: Ed25519 and RSA sign the same each time.
func NewPGPSigner(key []byte) (Signer, error) {
	ring, err := openpgp.ReadArmoredKeyRing(bytes.NewReader(key))
	if err != nil || len(ring) != 1 || ring[0].PrivateKey == nil {
		return nil, errSigningKey // the error of a parser may quote what it read
	}

	// A key that has expired by the clock of today may still be the one of a
	// commit's time: what verifies decides.
	signing, ok := ring[0].SigningKey(time.Now())
	if !ok || signing.PrivateKey == nil || signing.PrivateKey.Encrypted {
		return nil, errSigningKey
	}

	switch signing.PrivateKey.PubKeyAlgo {
	case packet.PubKeyAlgoRSA, packet.PubKeyAlgoRSASignOnly, packet.PubKeyAlgoEdDSA, packet.PubKeyAlgoEd25519:
		return pgpSigner{ring[0]}, nil
	default:
		return nil, errors.New("an OpenPGP key of this type signs differently each time: use Ed25519 or RSA")
	}
}

// committed finds when a commit was made.
var committed = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^committer .*> ([0-9]+) [+-][0-9]{4}$`) })

// Sign is the armored signature of a commit.
func (s pgpSigner) Sign(commit []byte) (string, error) {
	at := time.Unix(0, 0)

	if found := committed().FindSubmatch(commit); found != nil {
		if seconds, err := strconv.ParseInt(string(found[1]), 10, 64); err == nil {
			at = time.Unix(seconds, 0)
		}
	}

	// A signature cannot be older than its key.
	if born := s.key.PrimaryKey.CreationTime; at.Before(born) {
		at = born
	}

	same := false

	var out strings.Builder

	err := openpgp.ArmoredDetachSign(&out, s.key, bytes.NewReader(commit), &packet.Config{
		DefaultHash: crypto.SHA512, Time: func() time.Time { return at }, NonDeterministicSignaturesViaNotation: &same,
	})
	if err != nil {
		return "", fmt.Errorf("signing a commit: %w", err)
	}

	return strings.TrimSpace(out.String()), nil
}
