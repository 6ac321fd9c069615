package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/goingdark-social/bot/internal/fleetworld"
)

// lookupRace reads a tree, asks a registry for its images' tags and says which
// release to move to, as Renovate does on a checkout. Every run of either is held
// to have found it.
func lookupRace(ctx context.Context, w *fleetworld.World, dir, bot string) (race, error) {
	tree, kept := filepath.Join(dir, "lookup"), filepath.Join(dir, "kept")
	if err := lookupTree(ctx, w, tree); err != nil {
		return race{}, err
	}

	r := race{
		name: "scan and plan", taken: taken(w),
		job: "find the images of Mastodon in a copy of examples/goingdark at " + fleetworld.Before + ", list the 1,300 tags of each in a registry on loopback " +
			"and name the release to move to, " + fleetworld.After + "; nobody has kept anything of an earlier run. Renovate looks up these two images and " +
			"no other, and reads the labels of latest; the bot looks at the index, manifest and config of the release that it names",
		prepare: func(context.Context) error { return errors.Join(os.RemoveAll(kept), os.MkdirAll(kept, 0o750)) },
		lanes: []lane{{
			name: "bot check", command: []string{bot, "check", "--path", tree, "-o", "json"}, env: []string{"XDG_CACHE_HOME=" + kept},
			proof: func(_ context.Context, printed []byte) error { return planned(printed) },
		}},
	}

	renovate, here := found("renovate")
	if !here {
		r.missing = append(r.missing, "renovate")

		return r, nil
	}

	looks, err := renovateLookup(w, renovate, tree, kept)
	r.lanes = append(r.lanes, looks)

	return r, err
}

// lookupTree is the example in a git repository of its own, whose images are in
// the world's registry. The example's configuration of Renovate is not in it: it
// leaves Mastodon to the bot.
func lookupTree(ctx context.Context, w *fleetworld.World, tree string) error {
	files, err := w.Tree()
	if err != nil {
		return err
	}

	delete(files, "renovate.json")

	for name, text := range files {
		path := filepath.Join(tree, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o750), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			return err
		}
	}

	return commitAll(ctx, tree)
}

// renovateLookup is Renovate with what it keeps in a folder, its report among it.
func renovateLookup(w *fleetworld.World, renovate, tree, kept string) (lane, error) {
	config, err := json.Marshal(map[string]any{
		"requireConfig": "ignored", "onboarding": false,
		"enabledManagers": []string{"kubernetes", "kustomize"},
		"kubernetes":      map[string]any{"managerFilePatterns": []string{`/\.yaml$/`}},
		"hostRules":       []any{map[string]any{"hostType": "docker", "matchHost": "127.0.0.1", "insecureRegistry": true, "allowInternal": true}},
		"packageRules": []any{
			map[string]any{"matchPackageNames": []string{"*"}, "enabled": false},
			map[string]any{"matchPackageNames": images(w), "enabled": true},
		},
	})
	report := filepath.Join(kept, "report.json")

	return lane{
		name: "renovate --platform=local --dry-run=lookup", dir: tree, command: []string{renovate, "--platform=local", "--dry-run=lookup"},
		env: []string{"RENOVATE_CONFIG=" + string(config), "RENOVATE_BASE_DIR=" + kept, "RENOVATE_REPORT_TYPE=file", "RENOVATE_REPORT_PATH=" + report},
		proof: func(context.Context, []byte) error {
			data, err := os.ReadFile(report)
			if err != nil {
				return err
			}

			return lookedUp(data, images(w))
		},
	}, err
}

// images are those of the world that move together.
func images(w *fleetworld.World) []string {
	return []string{w.Registry.Image("glitch-soc/mastodon"), w.Registry.Image("glitch-soc/mastodon-streaming")}
}

var (
	errNotPlanned  = errors.New("it did not name " + fleetworld.After)
	errNotLookedUp = errors.New("it found no update to " + fleetworld.After)
)

// planned holds the bot's answer to name the release.
func planned(printed []byte) error {
	if !bytes.Contains(printed, []byte(`"to": "`+fleetworld.After+`"`)) {
		return fmt.Errorf("%w: %s", errNotPlanned, printed)
	}

	return nil
}

// lookedUp holds Renovate's report to name the release for every image.
func lookedUp(data []byte, images []string) error {
	var report struct {
		Repositories map[string]struct {
			PackageFiles map[string][]struct {
				Deps []dependency `json:"deps"`
			} `json:"packageFiles"`
		} `json:"repositories"`
	}

	if err := json.Unmarshal(data, &report); err != nil {
		return fmt.Errorf("its report: %w", err)
	}

	var all []dependency

	for _, repository := range report.Repositories {
		for _, files := range repository.PackageFiles {
			for _, f := range files {
				all = append(all, f.Deps...)
			}
		}
	}

	for _, image := range images {
		if !slices.ContainsFunc(all, func(d dependency) bool { return d.moves(image) }) {
			return fmt.Errorf("%w for %s", errNotLookedUp, image)
		}
	}

	return nil
}

// dependency is what Renovate's report says of one image in one file.
type dependency struct {
	DepName string `json:"depName"`
	Updates []struct {
		NewValue string `json:"newValue"`
	} `json:"updates"`
}

func (d dependency) moves(image string) bool {
	return d.DepName == image && len(d.Updates) == 1 && d.Updates[0].NewValue == fleetworld.After
}
