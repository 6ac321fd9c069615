package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// web is the HTTP side. Every stage of a request is bounded.
func (s *Server) web() *http.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", s.healthz)
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.Handle("GET /metrics", s.metrics.handler())
	mux.HandleFunc("POST /webhook", s.webhook)

	if s.Pages != nil {
		mux.Handle("/", s.Pages)
	}

	var all http.Handler = mux
	if s.Around != nil {
		all = s.Around(mux)
	}

	return &http.Server{
		Handler:           all,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
		// By default it is the process's own stderr, past whatever Log hides.
		ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelWarn),
	}
}

func serve(web *http.Server, listener net.Listener) error {
	if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving health checks and metrics: %w", err)
	}

	return nil
}

// shutdown gives the requests in hand a moment. It comes last, so that health
// and metrics answer while a pass ends.
func shutdown(web *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
	defer cancel()

	if web.Shutdown(ctx) != nil {
		_ = web.Close() // cuts off whoever still reads; there is nobody to tell
	}
}
