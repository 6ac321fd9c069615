package drift

import (
	"context"

	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// answer is what Facts said of a release.
type answer struct {
	facts   *facts.Facts
	unknown error
}

// ask asks for the facts of the release in use while the tree is rendered, which takes as long.
func (in *Input) ask(ctx context.Context, o Options) <-chan answer {
	out := make(chan answer, 1)

	on := in.release()
	if o.Facts == nil || !on.Fixed() {
		close(out)

		return out
	}

	go func() {
		var a answer

		a.facts, a.unknown = o.Facts(ctx, on)
		out <- a
	}()

	return out
}

// learn takes the facts of the release in use, and asks for those of the line before where a check needs them.
func (in *Input) learn(ctx context.Context, o Options, release <-chan answer) (unknown, err error) {
	a := <-release
	if a.facts == nil || a.unknown != nil {
		return a.unknown, ctx.Err()
	}

	in.Facts = a.facts

	line := in.release().Line()
	if line.Minor == 0 || o.Newest == nil || !in.migratesEarly() {
		return nil, nil
	}

	line.Minor--

	if before := o.Newest(line); before.Fixed() {
		in.Previous, unknown = o.Facts(ctx, before)
	}

	return unknown, ctx.Err()
}

// release is the newest version that the application's web and sidekiq are on.
func (in *Input) release() version.Version {
	var newest version.Version

	for _, v := range in.Application.On {
		if order, ok := version.Compare(v, newest); !newest.Fixed() || ok && order > 0 {
			newest = v
		}
	}

	return newest
}
