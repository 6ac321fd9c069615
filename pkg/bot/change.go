package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"strings"

	"github.com/goingdark-social/bot/pkg/config"
	"github.com/goingdark-social/bot/pkg/look"
	"github.com/goingdark-social/bot/pkg/notes"
	"github.com/goingdark-social/bot/pkg/patch"
	"github.com/goingdark-social/bot/pkg/registry"
	"github.com/goingdark-social/bot/pkg/repo"
	"github.com/goingdark-social/bot/pkg/version"
)

// Change is one application moved to one release, in memory: every file it
// touches, before and after, and what an admin has to know.
type Change struct {
	Application patch.Application
	To          version.Version
	Security    bool
	Files       []patch.File
	Notes       notes.Notes
}

// Edits lists every changed place in order.
func (c *Change) Edits() []patch.Edit {
	var edits []patch.Edit
	for _, f := range c.Files {
		edits = append(edits, f.Edits...)
	}

	return edits
}

// Edited is the files as the git side takes them.
func (c *Change) Edited() []repo.Change {
	out := make([]repo.Change, 0, len(c.Files))
	for _, f := range c.Files {
		out = append(out, repo.Change{Path: f.Path, Content: f.After, Before: f.Before})
	}

	return out
}

// digest is the same for two changes that make the same of the same files: one
// that was made of other content may not apply any more.
func (c *Change) digest() string {
	h := sha256.New()
	for _, f := range c.Files {
		fmt.Fprintf(h, "%q %x %x\n", f.Path, sha256.Sum256(f.Before), sha256.Sum256(f.After))
	}

	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// From is the versions the application was on, as tags.
func (c *Change) From() []string {
	from := make([]string, 0, len(c.Application.On))
	for _, v := range c.Application.On {
		from = append(from, v.Tag())
	}

	return from
}

// planned is every edit of an application, or none and why.
func planned(v *look.View, app patch.Application, to patch.Target) (*Change, error) {
	files, err := v.Tree.Plan(app.Name, to)
	if err != nil {
		return nil, err
	}

	return &Change{Application: app, To: to.Version, Files: files}, nil
}

// target is where the policy wants the references to point. release may be
// zero, when nothing but the version is known.
func target(policy config.Application, suffix string, to version.Version, release registry.Release, digests map[string]string,
) patch.Target {
	t := patch.Target{Version: tagged(to, suffix), Pin: patch.Pin(policy.Pin), Digests: map[string]string{}}

	for _, image := range release.Images {
		t.Digests[image.Name] = image.Digest
		t.Version = version.ParseSuffixed(image.Tag, suffix)
	}

	maps.Copy(t.Digests, digests)

	return t
}

// tagged is a version as the family's tags spell it, whatever a person typed:
// 4.4.4 is v4.4.4, and a fork's suffix follows.
func tagged(v version.Version, suffix string) version.Version {
	return version.ParseSuffixed(v.String()+suffix, suffix)
}

// IncompleteError says that a release that was asked for by name cannot be
// had whole.
type IncompleteError struct {
	Version version.Version
	Missing []string
	// Nowhere tells that not one image has it.
	Nowhere bool
	// Near are versions that do exist, for a hint.
	Near []string
}

func (e *IncompleteError) Error() string {
	var b strings.Builder

	if e.Nowhere {
		fmt.Fprintf(&b, "%s does not exist: %s not found in the registry", e.Version, strings.Join(e.Missing, ", "))
	} else {
		fmt.Fprintf(&b, "%s is incomplete: missing %s; nothing is changed until all images of a release exist",
			e.Version, strings.Join(e.Missing, ", "))
	}

	if len(e.Near) > 0 {
		fmt.Fprintf(&b, " (there is %s)", strings.Join(e.Near, ", "))
	}

	return b.String()
}

// ContradictionError says that the images of a release do not belong together.
type ContradictionError struct {
	Version version.Version
	Why     string
}

func (e *ContradictionError) Error() string {
	return fmt.Sprintf("%s is refused: %s", e.Version, e.Why)
}

// DowngradeError says that a version is older than what is in use.
type DowngradeError struct{ From, To version.Version }

func (e *DowngradeError) Error() string {
	return fmt.Sprintf("%s is older than %s, and the database does not go back by itself; --allow-downgrade does it all the same",
		e.To, e.From)
}

// refuseDowngrade fails when to is older than any version in use.
func refuseDowngrade(on []version.Version, to version.Version) error {
	for _, from := range on {
		if order, ok := version.Compare(to, from); ok && order < 0 {
			return &DowngradeError{From: from, To: to}
		}
	}

	return nil
}

// verify asks the registry whether a release that a person named is whole.
func (b *Bot) verify(ctx context.Context, family registry.Family, v version.Version, platforms []string) (registry.Release, error) {
	b.Progress("inspecting %s", v)

	r, err := b.registry.Inspect(ctx, family, v, platforms)
	if err != nil {
		return r, fmt.Errorf("inspecting %s: %w", v, err)
	}

	if !r.Complete() {
		if r.Contradiction != "" && len(r.Missing) == 0 {
			return r, &ContradictionError{Version: v, Why: r.Contradiction}
		}

		return r, b.incompleteError(ctx, family, r)
	}

	return r, nil
}

func (b *Bot) incompleteError(ctx context.Context, family registry.Family, r registry.Release) error {
	e := &IncompleteError{Version: r.Version, Missing: missing(r.Version, r.Missing)}

	tags := 0

	for _, m := range r.Missing {
		if m.Platform == "" {
			tags++
		}
	}

	e.Nowhere = tags == len(family.Images)

	listings, err := b.registry.Listings(ctx, family)
	if err != nil {
		return e // the hint is a courtesy
	}

	for _, l := range listings {
		if l.Version.Kind() == version.Release && l.Version.Line() == r.Version.Line() && len(l.Tags) == len(family.Images) {
			e.Near = append(e.Near, l.Version.String())
		}
	}

	if len(e.Near) > 3 {
		e.Near = e.Near[len(e.Near)-3:]
	}

	return e
}
