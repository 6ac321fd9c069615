package slacktest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options of a [Server].
type Options struct {
	// Token is the bot token that is accepted. Default: xoxb-stand-in.
	Token string
	// Webhook is the secret part of the webhook's path. Default: T0/B0/stand-in.
	Webhook string
	// Channels are the ids of the channels that the bot is in, by name without #. Default: ops.
	Channels map[string]string
	// Now is the clock. Default: time.Now.
	Now func() time.Time
}

// Server is the stand-in. It is safe for concurrent use.
type Server struct {
	options Options
	http    *http.Server
	address string

	mu       sync.Mutex
	sequence int
	messages []*Message
	requests []Request
	faults   []*Fault
}

// Request is one request as it came.
type Request struct {
	// Method is chat.postMessage and so on; webhook for the incoming webhook.
	Method string
	// Error is Slack's word for what was wrong; empty: it was answered with ok.
	Error string
}

// New returns a stand-in that is an [http.Handler]; [Server.Start] makes it listen.
func New(o Options) *Server {
	if o.Token == "" {
		o.Token = "xoxb-stand-in"
	}
	if o.Webhook == "" {
		o.Webhook = "T0/B0/stand-in"
	}
	if o.Channels == nil {
		o.Channels = map[string]string{"ops": "C0000000001"}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Server{options: o}
}

// Start listens on a free port of loopback until [Server.Close].
func (s *Server) Start(ctx context.Context) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listening for Slack's stand-in: %w", err)
	}
	s.address = listener.Addr().String()
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.http.Serve(listener) }() // Serve ends with Close, and has nothing else to tell
	return nil
}

// Close stops listening and drops what is open.
func (s *Server) Close() error { return s.http.Close() }

// URL is where the stand-in listens, without a slash at the end.
func (s *Server) URL() string { return "http://" + s.address }

// APIURL is the base of the Web API, as slack-go takes it.
func (s *Server) APIURL() string { return s.URL() + "/api/" }

// WebhookURL is the address of the incoming webhook.
func (s *Server) WebhookURL() string { return s.URL() + "/services/" + s.options.Webhook }

// Token is the bot token that is accepted.
func (s *Server) Token() string { return s.options.Token }

// Messages returns the messages as they are now, oldest first.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Message, len(s.messages))
	for i, m := range s.messages {
		all[i] = *m
	}
	return all
}

// Requests returns what was asked so far, oldest first.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Delete takes a message away, as a person would.
func (s *Server) Delete(ts string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = slices.DeleteFunc(s.messages, func(m *Message) bool { return m.TS == ts })
}

// maxBody is more than any message may have.
const maxBody = 1 << 20

// ServeHTTP answers as Slack does.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "request_timeout", http.StatusRequestEntityTooLarge)
		return
	}
	if path, ok := strings.CutPrefix(r.URL.Path, "/services/"); ok {
		s.answer(w, r, "webhook", func() (reply, error) { return s.webhook(r, path, body) })
		return
	}
	if method, ok := strings.CutPrefix(r.URL.Path, "/api/"); ok {
		s.answer(w, r, method, func() (reply, error) { return s.call(r, method, body) })
		return
	}
	http.NotFound(w, r)
}

// refusal is Slack's word for what is wrong, and what it adds for people.
type refusal struct {
	word    string
	details []string
}

func (e *refusal) Error() string { return e.word }

func refuse(word string, details ...string) error { return &refusal{word, details} }

// answer runs one request under the lock, unless a fault is due, and writes its outcome.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, method string, f func() (reply, error)) {
	s.mu.Lock()
	fault := s.due(method)
	if fault != nil && !fault.Late {
		s.requests = append(s.requests, Request{method, fault.name()})
		s.mu.Unlock()
		fault.write(w, r)
		return
	}
	out, err := f()
	word := ""
	if err != nil {
		word = err.Error()
	}
	s.requests = append(s.requests, Request{method, word})
	s.mu.Unlock()
	switch {
	case fault != nil:
		fault.write(w, r)
	case method == "webhook":
		writeWebhook(w, err)
	default:
		out.write(w, err)
	}
}

// asRefusal takes an error of this package apart.
func asRefusal(err error) *refusal {
	if refused, ok := errors.AsType[*refusal](err); ok {
		return refused
	}
	return &refusal{word: "internal_error"}
}
