package server

import (
	"context"
	"log/slog"
)

type passIDKey struct{}

func withPassID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, passIDKey{}, id)
}

// PassID is the id of the pass that ctx belongs to; empty outside of one.
func PassID(ctx context.Context) string {
	id, _ := ctx.Value(passIDKey{}).(string)

	return id
}

// LogHandler adds the id of the pass to whatever is logged with its context,
// by whichever package.
func LogHandler(next slog.Handler) slog.Handler { return identified{next} }

type identified struct{ slog.Handler }

// Handle passes r on with the id.
func (h identified) Handle(ctx context.Context, r slog.Record) error {
	if id := PassID(ctx); id != "" {
		r = r.Clone()
		r.AddAttrs(slog.String("pass", id))
	}

	return h.Handler.Handle(ctx, r)
}

// WithAttrs keeps the ids.
func (h identified) WithAttrs(attrs []slog.Attr) slog.Handler {
	return identified{h.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the ids, inside the group.
func (h identified) WithGroup(name string) slog.Handler {
	return identified{h.Handler.WithGroup(name)}
}
