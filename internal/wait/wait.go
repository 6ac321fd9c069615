package wait

import (
	"context"
	"fmt"
	"time"
)

// For lasts d, or until the context ends: then its error, which names what was waited for.
func For(ctx context.Context, d time.Duration, what string) error {
	timer := time.NewTimer(d)
	defer timer.Stop()

	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting for %s: %w", what, ctx.Err())
	}
}
