package gh

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
)

// varied are the request's headers that GitHub makes an ETag of, in its order.
var varied = [...]string{"Accept", "Authorization", "Cookie"}

// etagFor is the ETag that GitHub gives an answer to a request with these
// headers: the SHA-256 of their values, each with a colon behind it, and of
// the body before it is compressed. GitHub does not document that; it was found
// by the authors of github.com/bored-engineer/github-conditional-http-transport.
// Should it ever change, nothing is confirmed and the answer comes whole.
func etagFor(request http.Header, body []byte) string {
	sum := sha256.New()

	for _, name := range varied {
		for _, value := range request.Values(name) {
			sum.Write([]byte(value + ":"))
		}
	}

	sum.Write(body)

	return `"` + hex.EncodeToString(sum.Sum(nil)) + `"`
}

// tokenOf tells tokens apart without keeping them.
func tokenOf(request http.Header) [sha256.Size]byte {
	return sha256.Sum256([]byte(request.Get("Authorization")))
}
