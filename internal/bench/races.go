package main

import (
	"context"
	"os/exec"
	"path/filepath"
)

// The images whose names a scan looks for.
var names = []string{"ghcr.io/glitch-soc/mastodon", "ghcr.io/mastodon/mastodon"}

// races prepares the inputs and lists what is run.
func races(ctx context.Context, dir, bot, upstream string) ([]race, error) {
	bot, err := filepath.Abs(bot)
	if err != nil {
		return nil, err
	}

	mono := filepath.Join(dir, "monorepo")
	if err := monorepo(mono); err != nil {
		return nil, err
	}

	all := []race{
		{
			name: "start-up", job: "print the version",
			lanes: []lane{{name: "bot version", command: []string{bot, "version"}}, {name: "git version", command: []string{"git", "version"}}},
		},
		{
			name: "scan", job: "find every image reference in 50,000 files, 20,000 of them YAML, 200 naming an image",
			lanes: []lane{
				{name: "bot scan", command: []string{bot, "scan", "--path", mono, "-o", "json"}},
				{name: "rg -l -F", command: []string{"rg", "-l", "-F", "--hidden", "--no-ignore", "-e", names[0], "-e", names[1], mono}},
			},
		},
		nextRace(),
	}

	bump, err := bumpRace(dir, bot)
	if err != nil {
		return nil, err
	}

	extract, err := extractRace(ctx, dir, bot)
	if err != nil {
		return nil, err
	}

	all = append(all, bump, extract, race{
		name: "facts, embedded", job: "print the facts of v4.5.0",
		lanes: []lane{{name: "bot facts", command: []string{bot, "facts", "v4.5.0", "--offline", "-o", "json"}}},
	}, race{
		name: "notes, embedded", job: "print the migration notes v4.4.3 → v4.5.0",
		lanes: []lane{{name: "bot notes", command: []string{bot, "notes", "v4.4.3", "v4.5.0", "--offline"}}},
	})

	if kustomize, err := exec.LookPath("kustomize"); err == nil {
		all = append(all, race{
			name: "drift", job: "hold examples/goingdark against itself, its notes and its source",
			lanes: []lane{
				{name: "bot drift", command: []string{bot, "drift", "--path", "examples/goingdark", "--offline"}},
				{name: "kustomize build", command: []string{kustomize, "build", "examples/goingdark/k8s/applications/web/mastodon"}},
			},
		})
	}

	if upstream != "" {
		readable, err := whole(ctx, dir, upstream, "v4.5.0")
		if err != nil {
			return nil, err
		}

		all = append(all, race{
			name: "facts, from source", job: "read the facts of v4.5.0 from a bare repository",
			lanes: []lane{
				{name: "bot facts --upstream", command: []string{bot, "facts", "v4.5.0", "--upstream", upstream, "-o", "json"}},
				{name: "git archive | tar -t", command: []string{"sh", "-c", "git -C '" + readable + "' archive v4.5.0 | tar -t"}},
			},
		})
	}

	return all, ctx.Err()
}
