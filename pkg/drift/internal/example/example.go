// Package example reads what is outside a tree from the examples of the checks, where it is written as a person would.
//
// It knows the files bad-outside.yaml, good-outside.yaml and both-outside.yaml of a txtar archive. It must not know any check.
package example

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/pkg/drift"
)

// Suffix ends the names of the files that tell what is outside.
const Suffix = "-outside.yaml"

// Outside is what the files of one side ("bad/", "good/"), and those of both, say. The keys are the names of the fields in lower case.
func Outside(a *txtar.Archive, side string) (drift.Outside, error) {
	var out drift.Outside

	for _, f := range a.Files {
		of, ok := strings.CutSuffix(f.Name, Suffix)
		if !ok || of+"/" != side && of != "both" {
			continue
		}

		d := yaml.NewDecoder(bytes.NewReader(f.Data))
		d.KnownFields(true)

		if err := d.Decode(&out); err != nil {
			return out, fmt.Errorf("%s: %w", f.Name, err)
		}
	}

	return out, nil
}
