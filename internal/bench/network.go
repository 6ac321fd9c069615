package main

import (
	"context"
	"fmt"
	"os/exec"
	"strings"

	"github.com/goingdark-social/bot/internal/fleetworld"
)

// networkRaces are the jobs that ask a server, each a stand-in on loopback; the
// network itself costs nothing. close ends them.
func networkRaces(ctx context.Context, bot string) (all []race, closed func() error, err error) {
	w, err := fleetworld.Start(ctx, 1)
	if err != nil {
		return nil, nil, err
	}

	w.Release()

	tags, err := tagRace(ctx, w, bot)

	return []race{tags}, w.Close, err
}

// tagRace lists the tags of an image; the job tells what each lane asked for.
func tagRace(ctx context.Context, w *fleetworld.World, bot string) (race, error) {
	image := w.Registry.Image("glitch-soc/mastodon")
	r := race{name: "tag list", lanes: []lane{
		{name: "bot releases --limit 1", command: []string{bot, "releases", "--limit", "1", "--image", image, "-o", "json"}},
	}}

	if crane, err := exec.LookPath("crane"); err == nil {
		r.lanes = append(r.lanes, lane{name: "crane ls", command: []string{crane, "ls", "--insecure", image}})
	}

	var asked []string

	for _, l := range r.lanes {
		w.Taken()

		if _, err := l.run(ctx); err != nil {
			return r, err
		}

		t := w.Taken()["registry"]
		asked = append(asked, fmt.Sprintf("`%s` makes %d requests, %d kB", l.name, t.Requests, t.Bytes>>10))
	}

	r.job = "list the 1,300 tags of an image in a registry; the bot also looks at the newest release's index, manifest and config. " + strings.Join(asked, "; ")

	return r, nil
}
