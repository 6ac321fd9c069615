package main

import (
	"context"
	"os/exec"

	"github.com/goingdark-social/bot/internal/fleetworld"
)

// networkRaces are the jobs that ask a registry, a stand-in on loopback; the
// network itself costs nothing. close ends it.
func networkRaces(ctx context.Context, dir, bot string) (all []race, closed func() error, err error) {
	w, err := fleetworld.Start(ctx, 1)
	if err != nil {
		return nil, nil, err
	}

	w.Release()

	lookup, err := lookupRace(ctx, w, dir, bot)

	return []race{tagRace(w, bot), lookup}, w.Close, err
}

// tagRace lists the tags of an image.
func tagRace(w *fleetworld.World, bot string) race {
	image := w.Registry.Image("glitch-soc/mastodon")
	r := race{
		name: "tag list", taken: taken(w),
		job: "list the 1,300 tags of an image in a registry; the bot also looks at the newest release's index, manifest and config",
		lanes: []lane{
			{name: "bot releases --limit 1", command: []string{bot, "releases", "--limit", "1", "--image", image, "-o", "json"}},
		},
	}

	if crane, err := exec.LookPath("crane"); err == nil {
		r.lanes = append(r.lanes, lane{name: "crane ls", command: []string{crane, "ls", "--insecure", image}})
	} else {
		r.missing = append(r.missing, "crane")
	}

	return r
}

// taken is what the world's registry was asked.
func taken(w *fleetworld.World) func() traffic {
	return func() traffic {
		t := w.Taken()["registry"]

		return traffic{t.Requests, t.Bytes}
	}
}
