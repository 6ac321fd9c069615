package upstream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// AdvisoryOptions of NewAdvisories.
type AdvisoryOptions struct {
	// Client speaks to both services. Default: http.DefaultClient.
	Client *http.Client
	// UpdateURL is the address of the update check. Default: https://api.joinmastodon.org/update-check.
	UpdateURL string
	// APIURL is the root of GitHub's API. Default: https://api.github.com.
	APIURL string
	// Repository whose advisories count. Default: mastodon/mastodon, which publishes those of its forks too.
	Repository string
	// Token of GitHub, asked for once a request; nil asks without one, which is enough for a few requests an hour.
	Token func(ctx context.Context) (string, error)
}

// Advisories asks upstream's services what the source does not say: which updates are urgent, which releases an
// advisory is patched in.
type Advisories struct{ o AdvisoryOptions }

// NewAdvisories makes a client; it speaks to nobody yet.
func NewAdvisories(o AdvisoryOptions) *Advisories {
	if o.Client == nil {
		o.Client = http.DefaultClient
	}
	if o.UpdateURL == "" {
		o.UpdateURL = "https://api.joinmastodon.org/update-check"
	}
	if o.APIURL == "" {
		o.APIURL = "https://api.github.com"
	}
	if o.Repository == "" {
		o.Repository = "mastodon/mastodon"
	}
	o.APIURL = strings.TrimSuffix(o.APIURL, "/")
	return &Advisories{o}
}

// ServiceError is an answer that is none.
type ServiceError struct {
	// Service is what was asked: its address without secrets.
	Service string
	Status  int
	// Temporary says that asking again later may help.
	Temporary bool
	err       error
}

func (e *ServiceError) Error() string {
	if e.Status != 0 {
		return fmt.Sprintf("%s answers %d %s", e.Service, e.Status, http.StatusText(e.Status))
	}
	return fmt.Sprintf("%s: %v", e.Service, e.err)
}

func (e *ServiceError) Unwrap() error { return e.err }

// maxAnswer bounds an answer.
const maxAnswer = 8 << 20

// get asks for JSON. next is the address of the following page, on the same host only.
func (a *Advisories) get(ctx context.Context, u *url.URL, token string, into any) (next *url.URL, err error) {
	service := u.Scheme + "://" + u.Host + u.Path
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", service, err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "goingdark-social-bot")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := a.o.Client.Do(req)
	if err != nil {
		return nil, &ServiceError{Service: service, Temporary: ctx.Err() == nil, err: redacted(err)}
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	if res.StatusCode != http.StatusOK {
		return nil, &ServiceError{
			Service: service, Status: res.StatusCode,
			Temporary: res.StatusCode >= 500 || res.StatusCode == http.StatusTooManyRequests || res.StatusCode == http.StatusForbidden,
		}
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, maxAnswer)).Decode(into); err != nil {
		return nil, &ServiceError{Service: service, err: fmt.Errorf("not the JSON that was asked for: %w", err)}
	}
	return nextPage(u, res.Header.Get("Link")), nil
}

// nextPage reads rel="next" of a Link header. Another host or scheme is not followed.
func nextPage(u *url.URL, link string) *url.URL {
	for part := range strings.SplitSeq(link, ",") {
		target, rel, ok := strings.Cut(strings.TrimSpace(part), ">")
		if !ok || !strings.Contains(rel, `rel="next"`) {
			continue
		}
		next, err := u.Parse(strings.TrimPrefix(target, "<"))
		if err != nil || next.Host != u.Host || next.Scheme != u.Scheme {
			return nil
		}
		return next
	}
	return nil
}

// FactSource is who says a fact about security.
type FactSource string

// Where such a fact can come from. Updates come from the update check and from nowhere else.
const (
	FromAdvisories FactSource = "security-advisories"
	FromChangelog  FactSource = "changelog"
)

// moment is a time that an API gives, zero for none.
func moment(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// date is the day of a time or date that an API gives, empty for none.
func date(s string) string {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	return ""
}
