//go:build real

package kubetest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/csv"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// writeTokens writes the file that tells the API server whom each token names,
// and notes each user's.
func writeTokens(t testing.TB, dir string, users []User, tokens map[string]string) string {
	t.Helper()

	file := filepath.Join(dir, "tokens.csv")

	var b strings.Builder

	w := csv.NewWriter(&b)

	for _, u := range users {
		tokens[u.Name] = rand.Text()

		if err := w.Write([]string{tokens[u.Name], u.Name, u.Name, strings.Join(u.Groups, ",")}); err != nil {
			t.Fatal(err)
		}
	}

	w.Flush()
	write(t, file, []byte(b.String()))

	return file
}

// writeKey writes a new key for the tokens of service accounts.
func writeKey(t testing.TB, dir string) string {
	t.Helper()

	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}

	file := filepath.Join(dir, "service-accounts.key")
	write(t, file, pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))

	return file
}

func write(t testing.TB, file string, data []byte) {
	t.Helper()

	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
