package repo_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"

	"github.com/goingdark-social/bot/pkg/repo"
)

// pgpKey is a key of OpenPGP, private or public.
func pgpKey(t *testing.T, algorithm packet.PublicKeyAlgorithm) (private, public []byte) {
	t.Helper()

	e, err := openpgp.NewEntity("bot", "", "bot@goingdark.social", &packet.Config{
		Algorithm: algorithm, RSABits: 2048, Time: func() time.Time { return time.Unix(1_700_000_000, 0) },
	})
	if err != nil {
		t.Fatal(err)
	}

	armored := func(kind string, write func(*bytes.Buffer) error) []byte {
		var raw, out bytes.Buffer
		if err := write(&raw); err != nil {
			t.Fatal(err)
		}

		w, err := armor.Encode(&out, kind, nil)
		if err != nil {
			t.Fatal(err)
		}

		if _, err := w.Write(raw.Bytes()); err != nil {
			t.Fatal(err)
		}

		if err := w.Close(); err != nil {
			t.Fatal(err)
		}

		return out.Bytes()
	}

	private = armored(openpgp.PrivateKeyType, func(b *bytes.Buffer) error { return e.SerializePrivate(b, nil) })
	public = armored(openpgp.PublicKeyType, func(b *bytes.Buffer) error { return e.Serialize(b) })

	return private, public
}

const pgpCommit = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor bot <bot@goingdark.social> 1750000000 +0000\n" +
	"committer bot <bot@goingdark.social> 1750000000 +0000\n\nfirst\n"

func TestOpenPGPSignaturesVerify(t *testing.T) {
	t.Parallel()

	for name, algorithm := range map[string]packet.PublicKeyAlgorithm{"rsa": packet.PubKeyAlgoRSA, "ed25519": packet.PubKeyAlgoEdDSA} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			private, public := pgpKey(t, algorithm)

			signer, err := repo.NewSigner(private)
			if err != nil {
				t.Fatal(err)
			}

			signature, err := signer.Sign([]byte(pgpCommit))
			if err != nil {
				t.Fatal(err)
			}

			again, err := signer.Sign([]byte(pgpCommit))
			if err != nil || again != signature || !strings.HasPrefix(signature, "-----BEGIN PGP SIGNATURE-----\n") {
				t.Errorf("it signs differently each time: %v\n%s\n%s", err, signature, again)
			}

			ring, err := openpgp.ReadArmoredKeyRing(bytes.NewReader(public))
			if err != nil {
				t.Fatal(err)
			}

			if _, err := openpgp.CheckArmoredDetachedSignature(ring, strings.NewReader(pgpCommit), strings.NewReader(signature), nil); err != nil {
				t.Error(err)
			}

			if _, err := openpgp.CheckArmoredDetachedSignature(ring, strings.NewReader(pgpCommit+"x"), strings.NewReader(signature), nil); err == nil {
				t.Error("another commit has the signature too")
			}

			for _, no := range [][]byte{public, []byte("-----BEGIN PGP PRIVATE KEY BLOCK-----\ncanary")} {
				if _, err := repo.NewPGPSigner(no); err == nil || strings.Contains(err.Error(), "canary") {
					t.Errorf("err = %v", err)
				}
			}
		})
	}
}
