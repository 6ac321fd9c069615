package example

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/pkg/drift"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
	"github.com/goingdark-social/bot/pkg/version"
)

// Suffix ends the names of the files that tell what is outside.
const Suffix = "-outside.yaml"

// Outside is what the files of one side ("bad/", "good/"), and those of both, say. The keys are the names of the fields in lower case.
func Outside(a *txtar.Archive, side string) (drift.Outside, error) {
	var out told

	for _, f := range a.Files {
		of, ok := strings.CutSuffix(f.Name, Suffix)
		if !ok || of+"/" != side && of != "both" {
			continue
		}

		d := yaml.NewDecoder(bytes.NewReader(f.Data))
		d.KnownFields(true)

		if err := d.Decode(&out); err != nil {
			return drift.Outside{}, fmt.Errorf("%s: %w", f.Name, err)
		}
	}

	return out.outside()
}

// told is what a file says.
type told struct {
	drift.Outside `yaml:",inline"`

	// DatabaseOf is a release all of whose migrations were run, and Without are the versions of some that were not: all of them are
	// too many for an example.
	DatabaseOf string   `yaml:"databaseOf"`
	Without    []string `yaml:"without"`
}

func (t told) outside() (drift.Outside, error) {
	if t.DatabaseOf == "" {
		return t.Outside, nil
	}

	f, err := facts.Embedded(version.Parse(t.DatabaseOf))
	if err != nil {
		return drift.Outside{}, err
	}

	t.Database = &drift.Database{}

	for _, m := range f.Migrations {
		if !slices.Contains(t.Without, m.Version) {
			t.Database.Migrations = append(t.Database.Migrations, m.Version)
		}
	}

	return t.Outside, nil
}
