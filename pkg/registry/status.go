package registry

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// retryable judges an HTTP status, once for the whole package. header is nil where only the status is known.
func retryable(status int, header http.Header) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	case http.StatusForbidden: // GitHub's secondary limits
		return header.Get("Retry-After") != ""
	default:
		return false
	}
}

// judged makes the failure of an answer whose status is an error.
func judged(status int, header http.Header, body []byte, now time.Time) *failure {
	var answer struct {
		Errors []transport.Diagnostic `json:"errors"`
	}

	code := ""
	if json.Unmarshal(body, &answer) == nil { // a body that is no JSON says nothing
		code = knownCode(answer.Errors)
	}

	after, _ := retryAfter(header.Get("Retry-After"), now)

	return &failure{status: status, code: code, temporary: retryable(status, header), retryAfter: after}
}

// knownCode gives the first code that the distribution specification defines: codes are repeated in errors, other people's text is not.
func knownCode(diagnostics []transport.Diagnostic) string {
	known := []transport.ErrorCode{
		transport.BlobUnknownErrorCode, transport.DeniedErrorCode, transport.DigestInvalidErrorCode, transport.ManifestBlobUnknownErrorCode,
		transport.ManifestInvalidErrorCode, transport.ManifestUnknownErrorCode, transport.NameInvalidErrorCode, transport.NameUnknownErrorCode,
		transport.TagInvalidErrorCode, transport.TooManyRequestsErrorCode, transport.UnauthorizedErrorCode, transport.UnavailableErrorCode,
		transport.UnknownErrorCode, transport.UnsupportedErrorCode,
	}
	for _, d := range diagnostics {
		if slices.Contains(known, d.Code) {
			return string(d.Code)
		}
	}

	return ""
}

// maxRetryAfter is where a wait stops meaning anything.
const maxRetryAfter = 24 * time.Hour

// retryAfter reads a Retry-After header, seconds or a date. A past date is no wait; nonsense is as good as none.
func retryAfter(value string, now time.Time) (time.Duration, bool) {
	if seconds, err := strconv.ParseUint(value, 10, 32); err == nil {
		return min(time.Duration(seconds)*time.Second, maxRetryAfter), true
	}

	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}

	return min(max(at.Sub(now).Round(time.Second), 0), maxRetryAfter), true
}
