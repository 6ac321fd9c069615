package registry

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// each does f for 0 to n-1, at most inFlight at once. What fails first in order is told, whichever failed first in time: an outage
// that hits all of them reads the same each time, and is told once. What comes after a failure is cancelled, what comes before is not.
func each(ctx context.Context, n int, f func(ctx context.Context, at int) error) error {
	var group errgroup.Group
	group.SetLimit(inFlight)

	errs := make([]error, n)

	for at := range n {
		own := ctx
		following, cancel := context.WithCancel(ctx)
		defer cancel()

		group.Go(func() error {
			if errs[at] = f(own, at); errs[at] != nil {
				cancel()
			}

			return nil
		})

		ctx = following //nolint:fatcontext // each hangs on all before it: that is what cancels them
	}

	_ = group.Wait() // which has no error of its own

	for _, err := range errs {
		if err != nil {
			return err
		}
	}

	return nil
}
