package gh

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/google/go-github/v62/github"

	"github.com/goingdark-social/bot/pkg/effect"
	"github.com/goingdark-social/bot/pkg/veil"
)

// Options say where GitHub is and who speaks to it.
type Options struct {
	// BaseURL is GitHub's address: "https://ghes.example.com/" for GitHub
	// Enterprise Server (its API is then at /api/v3/), a ghe.com tenant, or an
	// http address on loopback for a stand-in. Default: github.com.
	BaseURL string
	// Token returns the token of each request, so that one that expires can be
	// renewed. Default: nil, which reads anonymously and can change nothing.
	Token func(ctx context.Context) (string, error)
	// Transport carries the requests. Default: http.DefaultTransport.
	Transport http.RoundTripper
	// Seam performs everything that changes something. Default: effect.Direct.
	Seam effect.Seam
	// UserAgent is sent with each request. Default: "goingdark-social-bot".
	UserAgent string
	// MaxWait bounds each wait that GitHub asks for when a rate limit is
	// reached. A longer one ends the call with a temporary *Error that carries
	// it. Default: 90 seconds.
	MaxWait time.Duration
	// Log receives each request at debug level and each wait at warn level.
	// Default: none.
	Log *slog.Logger
	// Veil hides the tokens in what errors and logs repeat. Default: one of its
	// own, which knows those that were used here.
	Veil *veil.Veil
}

// Client speaks to one GitHub with one identity. It is safe for concurrent
// use, and made to be kept: it remembers the answers that conditional requests
// confirm.
type Client struct {
	api     *github.Client
	seam    effect.Seam
	veil    *veil.Veil
	log     *slog.Logger
	maxWait time.Duration
	meter   *meter

	// turn lets one change be made at a time, which is what GitHub asks of
	// integrations: concurrent changes are what its secondary limits punish.
	turn chan struct{}

	mu      sync.Mutex
	self    *identity
	closers map[closing]*github.User
}

// New is a client that has not spoken to GitHub yet.
func New(o Options) (*Client, error) {
	base, err := apiURL(o.BaseURL)
	if err != nil {
		return nil, err
	}

	o = o.withDefaults()
	c := &Client{
		seam:    effect.Or(o.Seam),
		veil:    o.Veil,
		log:     o.Log,
		maxWait: o.MaxWait,
		meter:   &meter{next: &exchange{next: o.Transport, log: o.Log}},
		turn:    make(chan struct{}, 1),
		closers: map[closing]*github.User{},
	}
	c.api = github.NewClient(&http.Client{
		Transport:     chain(o, base, c.meter),
		CheckRedirect: sameHostSameMethod,
	})
	c.api.BaseURL = base
	c.api.UserAgent = o.UserAgent

	return c, nil
}

func (o Options) withDefaults() Options {
	if o.Transport == nil {
		o.Transport = http.DefaultTransport
	}

	if o.UserAgent == "" {
		o.UserAgent = "goingdark-social-bot"
	}

	if o.MaxWait <= 0 {
		o.MaxWait = 90 * time.Second
	}

	if o.Veil == nil {
		o.Veil = &veil.Veil{}
	}

	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}

	return o
}

// lock waits for this client's turn to change something.
func (c *Client) lock(ctx context.Context) (unlock func(), err error) {
	select {
	case c.turn <- struct{}{}:
		return func() { <-c.turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// change performs one request that changes something as one effect. An error
// of GitHub comes back as the *Error that it is, one of the seam as it came.
func (c *Client) change(ctx context.Context, kind, target string, f func(context.Context) error) error {
	return c.seam.Do(ctx, effect.Effect{Kind: kind, Target: target}, f)
}

var errNoRepo = errors.New(`a repository is named "owner/name"`)
