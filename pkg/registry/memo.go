package registry

import (
	"context"
	"errors"
	"sync"
)

// turns lets one caller at a time through for a key. Keys are few: images, and a pass's questions.
type turns struct {
	mu    sync.Mutex
	doors map[string]chan struct{}
}

func newTurns() *turns { return &turns{doors: map[string]chan struct{}{}} }

// take waits for the key's turn; done gives it to the next.
func (t *turns) take(ctx context.Context, key string) (done func(), err error) {
	t.mu.Lock()
	door := t.doors[key]
	if door == nil {
		door = make(chan struct{}, 1)
		t.doors[key] = door
	}
	t.mu.Unlock()

	select {
	case door <- struct{}{}:
		return func() { <-door }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// memo holds the answers of one pass.
type memo struct {
	asking *turns

	mu    sync.Mutex
	known map[string]remembered
}

type remembered struct {
	value any
	err   error
}

func newMemo() *memo { return &memo{asking: newTurns(), known: map[string]remembered{}} }

func (m *memo) recall(key string) (remembered, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()

	r, ok := m.known[key]

	return r, ok
}

func (m *memo) keep(key string, r remembered) {
	m.mu.Lock()
	defer m.mu.Unlock()

	m.known[key] = r
}

// once answers from the pass's memory or asks. Answers and "not found" are remembered, trouble is not. Its errors are of type *Error.
func once[T any](ctx context.Context, m *memo, op, image string, ask func() (T, error)) (value T, err error) {
	if m == nil {
		return explained(op, image, ask)
	}

	key := op + " " + image

	done, err := m.asking.take(ctx, key)
	if err != nil {
		return value, explain(op, image, err)
	}
	defer done()

	if r, ok := m.recall(key); ok {
		return r.value.(T), r.err //nolint:forcetypeassert // the key names the type
	}

	value, err = explained(op, image, ask)
	if err == nil || errors.Is(err, ErrNotFound) {
		m.keep(key, remembered{value, err})
	}

	return value, err
}

func explained[T any](op, image string, ask func() (T, error)) (T, error) {
	value, err := ask()
	if err != nil {
		err = explain(op, image, err)
	}

	return value, err
}
