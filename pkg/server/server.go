package server

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/jonboulle/clockwork"
	"golang.org/x/sync/errgroup"
)

// Options say what is served and when. Load is required.
type Options struct {
	// Load reads the configuration and says what is to be run. Its error ends
	// Run at the start; later, what runs goes on running.
	Load func(ctx context.Context) (Setup, error)
	// Source gives the bytes of the configuration. When they change, Load is
	// called again and, if it succeeds, a pass is made. Default: nil, which
	// loads once.
	Source func() ([]byte, error)
	// Poll is how often Source is looked at. Default: 10 seconds.
	Poll time.Duration
	// Listen is host:port; port 0 takes a free one. Default: 127.0.0.1:8080.
	Listen string
	// Pages answers every address that is none of the server's own. Default:
	// nobody does.
	Pages http.Handler
	// Around is put around all that is answered. Default: nothing.
	Around func(http.Handler) http.Handler
	// Listening is called once with the address taken. Default: nobody.
	Listening func(net.Addr)
	// PassTimeout is how long one pass may take. Default: 30 minutes.
	PassTimeout time.Duration
	// Grace is how long a pass may take to end once the server was asked to.
	// Default: 4 seconds, so that the whole stop takes less than 5.
	Grace time.Duration
	// Version of the program, for the metrics. Default: "devel".
	Version string
	// Clock is the time. Default: the real one.
	Clock clockwork.Clock
	// Random is a duration from 0 up to, not including, its argument, which is
	// above 0; it spreads the passes. Default: evenly distributed.
	Random func(time.Duration) time.Duration
	// NewID names a pass. Default: 12 random characters.
	NewID func() string
	// Log receives what happens. Give its handler the ids with LogHandler.
	// Default: none.
	Log *slog.Logger
}

// Setup is what a configuration asks of the server.
type Setup struct {
	// Schedule is a cron expression of five fields.
	Schedule string
	// Location is the time zone of Schedule. Default: UTC.
	Location *time.Location
	// Jitter delays each scheduled pass by a random time below it, so that not
	// everybody asks GitHub at the full hour; never by more than half the time
	// to the next one. Default: none.
	Jitter time.Duration
	// Pass makes one pass. The end of its context asks it to end. Required.
	Pass func(ctx context.Context) (Report, error)
	// PassOver makes a pass over some repositories. Default: nil, which lets
	// Pass do it.
	PassOver func(ctx context.Context, repositories []string) (Report, error)
	// Webhook reads what is sent to /webhook. Default: nil, where nothing is
	// taken there; bot serve needs none to work.
	Webhook Hook
}

// Report is what one pass came to, as far as it is counted.
type Report struct {
	// PullRequests by what was done with them.
	PullRequests map[Action]int
	// Incomplete is the number of releases that lack an image.
	Incomplete int
	// Unsent is the number of notifications that could not be sent.
	Unsent int
	// State is how the repositories are; nil: nothing is known anew.
	State *State
}

// Action is what a pass did with a pull request.
type Action string

// The actions that are counted; any other counts as Other.
const (
	Opened    Action = "opened"
	Updated   Action = "updated"
	Unchanged Action = "unchanged"
	Left      Action = "left" // to the person who committed to its branch
	Closed    Action = "closed"
	Other     Action = "other"
)

// Server makes passes. Run it once.
type Server struct {
	Options

	metrics  *metrics
	triggers chan Reason
	setups   chan *plan
	asks     chan chan status

	wishes     wishes
	hook       atomic.Pointer[Hook]
	reading    chan struct{} // a place for each webhook that is being read
	deliveries deliveries
}

// New checks o and fills in its defaults.
func New(o Options) (*Server, error) {
	if o.Load == nil {
		return nil, errors.New("server: Options.Load is missing")
	}

	o = o.withDefaults()

	return &Server{
		Options:  o,
		metrics:  newMetrics(o.Version),
		triggers: make(chan Reason, 1),
		setups:   make(chan *plan),
		asks:     make(chan chan status),
		reading:  make(chan struct{}, atOnce),
	}, nil
}

func (o Options) withDefaults() Options {
	orDuration(&o.Poll, 10*time.Second)
	orDuration(&o.PassTimeout, 30*time.Minute)
	orDuration(&o.Grace, 4*time.Second)

	if o.Listen == "" {
		o.Listen = "127.0.0.1:8080"
	}

	if o.Version == "" {
		o.Version = "devel"
	}

	if o.Clock == nil {
		o.Clock = clockwork.NewRealClock()
	}

	if o.Random == nil {
		o.Random = mathrand.N[time.Duration]
	}

	if o.NewID == nil {
		o.NewID = func() string { return rand.Text()[:12] }
	}

	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}

	return o
}

func orDuration(d *time.Duration, otherwise time.Duration) {
	if *d <= 0 {
		*d = otherwise
	}
}

// Run makes a pass at once and then on schedule, until ctx ends. Then the step
// in hand is finished (see Graceful), no other is begun, and Run returns nil,
// within Grace and a second. An error is that of the first configuration, of
// listening, or that a pass did not end in time.
func (s *Server) Run(ctx context.Context) error {
	seen, first, err := s.first(ctx)
	if err != nil {
		return err
	}

	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.Listen)
	if err != nil {
		return fmt.Errorf("listening for health checks and metrics: %w", err)
	}

	if s.Listening != nil {
		s.Listening(listener.Addr())
	}

	web := s.web()
	g, ctx := errgroup.WithContext(ctx)

	g.Go(func() error { return serve(web, listener) })
	g.Go(func() error { return s.watch(ctx, seen) })
	g.Go(func() error {
		defer shutdown(web)

		return s.loop(ctx, first)
	})

	return g.Wait()
}
